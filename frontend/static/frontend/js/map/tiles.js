// Reads the map's tiles from our server. One address per tile and filter, so that the browser's
// own cache and ETags do the rest; what was read before shows at once while it is asked for again.

import { nameOf } from "#js/map/box.js"

const KEPT = 200

export class Tiles {
  #kept = new Map()
  #running = null
  #template

  /** `template`: an address with /0/0/0/ in place of zoom, column and row. */
  constructor(template) {
    this.#template = template
  }

  /** What is known of these tiles already. */
  known(tiles, query) {
    return tiles.map((tile) => this.#kept.get(key(tile, query))).filter(Boolean)
  }

  /**
   * Read the tiles; `onTile()` after each. A later call stops an earlier one.
   * Resolves to the number of tiles that could not be read; rejects never.
   */
  async read(tiles, query, onTile) {
    this.#running?.abort()
    const run = new AbortController()
    this.#running = run
    const results = await Promise.allSettled(
      tiles.map(async (tile) => {
        const content = await this.#fetch(tile, query, run.signal)
        this.#keep(key(tile, query), content)
        if (!run.signal.aborted) onTile()
      }),
    )
    if (run.signal.aborted) return 0
    return results.filter(({ status }) => status === "rejected").length
  }

  forget() {
    this.#kept.clear()
  }

  async #fetch({ z, x, y }, query, signal) {
    const address = this.#template.replace("/0/0/0/", `/${z}/${x}/${y}/`)
    const answer = await fetch(query ? `${address}?${query}` : address, {
      signal,
      credentials: "omit",
      cache: "no-cache",
      headers: { Accept: "application/json" },
    })
    if (!answer.ok) throw new Error(`${answer.status} ${address}`)
    return answer.json()
  }

  #keep(name, content) {
    this.#kept.delete(name)
    this.#kept.set(name, content)
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value)
  }
}

const key = (tile, query) => `${nameOf(tile)}?${query}`
