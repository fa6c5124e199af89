import type { Client } from 'isotarget/server'

declare global {
  namespace App {
    interface Locals {
      visitor: Client
    }
  }
}
