// The live line of this page: one shared socket, and <live-state>, the line that shows it.
//
//   const end = live.subscribe(["tile:12/2145/1391"], { cursor, onMessage, onResync, onState })

import { Line } from "#js/live-line.js"

const FRAME_MS = 200 // hidden pages get no frames

export const live = new Line({
  open: () => new WebSocket(new URL("/live/", location.href.replace(/^http/, "ws"))),
  later(ms, action) {
    const timer = setTimeout(action, ms)
    return () => clearTimeout(timer)
  },
  soon(action) {
    if (document.hidden) setTimeout(action, FRAME_MS)
    else requestAnimationFrame(action)
  },
  now: () => performance.now(),
  random: Math.random,
})

// A page with an open socket is not kept for "back", so it lets go and asks again when shown.
addEventListener("pagehide", () => live.rest())
addEventListener("pageshow", () => live.wake())
// The browser's word on the network is a hint (a machine can serve itself without one).
addEventListener("online", () => live.check())
addEventListener("offline", () => live.check())
document.addEventListener("visibilitychange", () => document.hidden || live.check())

/** Shows the child whose `data-when` is the state of the line; the words are in the template. */
class LiveState extends HTMLElement {
  #end = () => {}

  connectedCallback() {
    this.hidden = false
    this.#end = live.watch((state) => this.#show(state))
  }

  disconnectedCallback() {
    this.#end()
  }

  #show(state) {
    this.dataset.state = state
    for (const words of this.querySelectorAll("[data-when]")) {
      words.hidden = words.dataset.when !== state
    }
  }
}

customElements.define("live-state", LiveState)
