/**
 * The script tag in the edition for pages of at.js: it makes the globals `adobe.target` and `isotarget`, and starts the page. Requests
 * and notifications are built by at.js's names here, so the functions that build them are left to the other edition.
 * @module
 */
import { createEdition } from './atjs/adobe-target.ts'
import { isTargetError, TargetClient, TargetError } from './browser.ts'
import { createViews, prehide, render } from './dom.ts'
import { install } from './page/install.ts'

install({ TargetClient, TargetError, isTargetError, createViews, prehide, render }, createEdition)
