import { setAttribute, trusted } from './trusted.ts'

/** Runs the scripts of one rendering in the order in which they were inserted. */
export interface Scripts {
  /** Makes the scripts of content that is about to be inserted run. Gives a promise when one comes from elsewhere. */
  revive(content: DocumentFragment, onFailed: (src: string) => void): void
  /** Resolves when all of them have run or failed. */
  done(): Promise<unknown> | undefined
}

/** A script that was parsed without being run never runs; a new one does. */
const copyOf = (inert: HTMLScriptElement, nonce: string | undefined): HTMLScriptElement => {
  const script = document.createElement('script')
  for (const { name, value } of inert.attributes) setAttribute(script, name, value)
  script.async = inert.hasAttribute('async')
  if (nonce) script.nonce = nonce
  script.text = trusted('Script', inert.text)
  return script
}

export const createScripts = (nonce: string | undefined): Scripts => {
  /** What later scripts wait for. */
  let tail: Promise<unknown> | undefined

  /** Puts it where it runs; gives a promise when others have to wait for it. */
  const insert = (inert: HTMLScriptElement, script: HTMLScriptElement, onFailed: (src: string) => void) => {
    const isRemote = script.hasAttribute('src')
    const end = new Promise<void>((done) => {
      script.onload = () => done()
      script.onerror = () => {
        onFailed(script.src)
        done()
      }
    })
    inert.replaceWith(script)
    return isRemote && !script.async ? end : undefined
  }

  return {
    done: () => tail,
    revive(content, onFailed) {
      for (const inert of content.querySelectorAll<HTMLScriptElement>('script:not(svg *)')) {
        const script = copyOf(inert, nonce)
        const isRemote = script.hasAttribute('src')
        // Remote ones keep their order by themselves, also to inline ones that wait for an earlier one to load.
        if (!tail || isRemote || script.async) {
          const end = insert(inert, script, onFailed)
          if (end) tail = Promise.all([tail, end])
        } else {
          // Its content may have gone meanwhile.
          tail = tail.then(() => (inert.isConnected ? insert(inert, script, onFailed) : undefined))
        }
      }
    },
  }
}
