/**
 * The script tag. Unlike a module it does something when it is loaded: it makes one global, `isotarget`, and starts the page when it is
 * told whose page it is.
 * @module
 */
import * as browser from './browser.ts'
import * as dom from './dom.ts'
import { install } from './page/install.ts'

install({ ...browser, ...dom })
