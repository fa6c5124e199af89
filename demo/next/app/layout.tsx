import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import '../../assets/shop.css'
import '../../assets/examples.css'
import icon from '../../assets/icon.svg'
import { leaf } from '../../pages/illustrations.mjs'

export const metadata: Metadata = { title: 'Next.js · Larkmoor Tea', icons: icon.src }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header className="top">
          <Link className="brand" href="/">
            <span dangerouslySetInnerHTML={{ __html: leaf }} />
            Larkmoor
          </Link>
          <nav>
            <Link href="/" aria-current="page">
              Next.js
            </Link>
          </nav>
        </header>
        <main>{children}</main>
        <footer className="foot">Larkmoor Tea is made up. The offers and the counts are real, on your machine.</footer>
      </body>
    </html>
  )
}
