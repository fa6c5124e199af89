/**
 * The page of `isotarget edge`: it listens to what happens there and draws it.
 * @module
 */
import { showPage } from './cli/page/show.ts'

showPage(document)
