// <report-map>: pins and rings of the public reports, live. It tells the page what happens by
// events (view:moved, report:came, report:changed, report:gone, report:chosen, report:lit).

import { queryOf } from "#js/home/address.js"
import { live } from "#js/live.js"
import { around, grown, holds, nameOf, tileOf, tilesIn } from "#js/map/box.js"
import { Book, fits, isHidden } from "#js/map/book.js"
import { gather } from "#js/map/gather.js"
import { GroundMap } from "#js/map/leaflet.js"
import { PIN, pin, ring, ringSize } from "#js/map/pins.js"
import { Tiles } from "#js/map/tiles.js"

const LIVE_ZOOM = 12
const MOST_TOPICS = 140 // of 300 a socket may have: the old view's end when the new ones run
const GAP = 56 // pixels between two marks, so that each can be hit with a finger
const NEAR_GAP = 20 // close up pins may overlap a little
const SETTLE_MS = 250
// The server's answer may be half a second old (reports/api/tiles.py); and not all at once.
const REREAD_MS = 600
const REREAD_SPREAD_MS = 400

class ReportMap extends HTMLElement {
  #config
  #map
  #tiles
  #book = new Book()
  #live = new Map() // codes that came by the line and may not be in a tile yet
  #filters = {}
  #asked = new Map() // codes of which the server must say whether they fit, and whether they did
  #chosen = null
  #endLive = () => {}
  #timers = {}
  #waits = false
  #heardSince = false
  #byHand = false
  #observer

  start(config) {
    this.#config = config
    this.#filters = config.filters
    this.#tiles = new Tiles(config.tiles)
    const inPage = getComputedStyle(this.closest(".map-page")).getPropertyValue("--map-in-page").trim() === "1"
    this.#map = new GroundMap(this.querySelector(".map-box"), { ...config, inPage })
    this.#map.addEventListener("moved", () => this.#soon("moved", SETTLE_MS, () => this.#moved()))
    this.#map.addEventListener("pressed", () => this.#choose(null))
    for (const button of this.querySelectorAll("[data-does]")) {
      button.addEventListener("click", () => this.#do(button))
    }
    this.addEventListener("keydown", ({ key }) => key === "Escape" && this.#choose(null))
    this.#observer = new ResizeObserver(() => this.#map.resized())
    this.#observer.observe(this)
    if (config.place) this.#markPlace(config.place)
    this.#drawGround()
    this.#read()
    queueMicrotask(() => { this.#byHand = true })
  }

  disconnectedCallback() {
    this.#observer?.disconnect()
    this.#endLive()
  }

  get box() {
    return this.#map.box
  }

  filter(filters) {
    this.#filters = filters
    this.#live.clear()
    this.#choose(null)
    this.#read()
  }

  light(code, on) {
    this.#map.drawing(code)?.classList.toggle("lit", on)
    this.#map.front(code, on ? 1000 : 0)
  }

  // ── Reading ───────────────────────────────────────────────────────────────────────────────
  #moved() {
    this.#read()
    const { centre: at, zoom, box } = this.#map
    this.#tell("view:moved", { at, zoom, box, byHand: this.#byHand })
  }

  // Tiles one step coarser than the map: a quarter of the requests, and rings stand apart.
  get #tilesInView() {
    return tilesIn(this.#map.box, Math.max(0, Math.floor(this.#map.zoom) - 1))
  }

  get #query() {
    const towns = this.#filters.municipality || this.#config.keys.join(",")
    return queryOf({ ...this.#filters, municipality: towns })
  }

  async #read() {
    const tiles = this.#tilesInView
    this.#draw()
    const failed = await this.#tiles.read(tiles, this.#query, () => this.#soon("draw", 30, () => this.#draw()))
    this.#draw()
    this.#note(failed)
    this.#listen()
    if (failed === 0) this.#answered()
  }

  /** Reports that were asked for are in the tiles now, or do not fit. */
  #answered() {
    const shown = this.#shown
    for (const [code, was] of this.#asked) {
      const is = shown.has(code)
      if (is !== was) this.#tell("view:counts", is ? 1 : -1)
      if (is) this.#tell("report:came", this.#book.get(code))
    }
    this.#asked.clear()
  }

  get #shown() {
    return new Set(this.#marks().map(({ card }) => card?.code))
  }

  #listen() {
    const box = overlap(this.#map.box, grown(this.#config.fit, 0.05))
    const centre = tileOf(this.#map.centre, LIVE_ZOOM)
    const far = ({ x, y }) => Math.abs(x - centre.x) + Math.abs(y - centre.y)
    const topics = tilesIn(box, LIVE_ZOOM)
      .toSorted((a, b) => far(a) - far(b))
      .slice(0, MOST_TOPICS)
      .map((tile) => `tile:${nameOf(tile)}`)
    const known = this.#tiles.known(this.#tilesInView, this.#query)
    const end = this.#endLive
    this.#endLive = live.subscribe(topics, {
      cursor: known[0]?.cursor ?? this.#config.cursor,
      onMessage: (message) => this.#heard(message),
      onResync: () => this.#readAnew(),
    })
    end()
  }

  #readAnew() {
    this.#tiles.forget()
    this.#read()
  }

  // ── The live line ─────────────────────────────────────────────────────────────────────────
  #heard(message) {
    if (message.kind === "gone") return this.#left(message)
    if (message.kind !== "report") return
    const before = this.#book.get(message.code)
    if (this.#book.take(message) === "same") return
    const inView = message.at && holds(this.#map.box, message.at)
    if (isHidden(this.#filters)) return this.#ask(message, before)
    const isFit = this.#fits(message)
    this.#tellCount(before, message)
    if (isFit) this.#live.set(message.code, message)
    else this.#live.delete(message.code)
    // Behind rings single reports are unknown, so only the very first version is surely new there.
    const isNew = !before && (message.version === 1 || !this.#showsRings)
    if (isNew && inView && isFit) this.#tell("report:came", message)
    else this.#tell("report:changed", message)
    this.#draw()
    this.#pulse(message)
    this.#readSoon()
    if (this.#chosen === message.code) this.#showCard(message.code)
  }

  /** Only the server can tell whether it fits: its answer brings the report, or not. */
  #ask(message, before) {
    if (before) this.#tell("report:changed", message)
    if (!this.#asked.has(message.code)) this.#asked.set(message.code, this.#shown.has(message.code))
    this.#draw()
    this.#readSoon()
  }

  /** How the number of reports in view changes: known ones by what they were, others by what they
   * are; behind rings an unknown one counted already, if it is not brand new. */
  #tellCount(before, now) {
    const counts = (card) => Boolean(card?.at && holds(this.#map.box, card.at) && this.#fits(card))
    const was = before ? counts(before) : now.version > 1 && this.#showsRings
    const more = Number(counts(now)) - Number(was)
    if (more) this.#tell("view:counts", more)
  }

  #fits(card) {
    return fits(card, { ...this.#filters, keys: this.#config.keys })
  }

  #left(message) {
    const before = this.#book.get(message.code)
    if (before?.at && holds(this.#map.box, before.at) && this.#fits(before)) this.#tell("view:counts", -1)
    this.#book.drop(message)
    this.#live.delete(message.code)
    if (this.#chosen === message.code) this.#choose(null)
    this.#tell("report:gone", message)
    this.#draw()
    this.#readSoon()
  }

  /** Rings can't be patched: their tiles are asked for again, at a steady pace while much happens. */
  #readSoon() {
    if (!this.#showsRings && this.#asked.size === 0) return
    this.#heardSince = this.#waits
    if (this.#waits) return
    this.#waits = true
    setTimeout(() => {
      this.#waits = false
      if (!this.isConnected) return
      this.#read()
      if (this.#heardSince) this.#readSoon() // the answer may be from before the last message
    }, REREAD_MS + REREAD_SPREAD_MS * Math.random())
  }

  get #showsRings() {
    return this.#tiles.known(this.#tilesInView, this.#query).some(({ clusters }) => clusters.length)
  }

  #pulse({ code, at }) {
    const drawing = this.#map.drawing(code) ?? this.#ringAt(at)
    if (!drawing) return
    drawing.classList.remove("pulse")
    drawing.getBoundingClientRect() // lets the animation begin again
    drawing.classList.add("pulse")
  }

  #ringAt(at) {
    const found = at && this.#rings.find(([, mark]) => mark.members.some((member) => near(this.#map, member.at, at)))
    return found ? this.#map.drawing(found[0]) : null
  }

  // ── Drawing ───────────────────────────────────────────────────────────────────────────────
  #rings = []

  #draw() {
    const marks = gather(this.#marks(), (at) => this.#map.pixel(at), this.#map.zoom >= 17 ? NEAR_GAP : GAP)
    const drawn = new Set()
    this.#rings = []
    for (const mark of marks) {
      const name = mark.card ? this.#drawPin(mark) : this.#drawRing(mark)
      drawn.add(name)
    }
    for (const name of this.#map.marked) {
      if (!drawn.has(name) && name !== "place") this.#map.unmark(name)
    }
    this.#map.settled()
  }

  /** Everything to be seen in this view: {at, n, by, card?}. */
  #marks() {
    const cards = new Map()
    const marks = []
    for (const { clusters, reports } of this.#tiles.known(this.#tilesInView, this.#query)) {
      marks.push(...clusters)
      for (const card of reports) {
        this.#book.take(card)
        const newest = this.#book.get(card.code)
        if (newest) cards.set(card.code, newest)
      }
    }
    const rings = marks.length > 0
    const box = grown(this.#map.box, 0.2)
    for (const [code, card] of this.#live) {
      if (!rings && card.at && holds(box, card.at)) cards.set(code, card)
    }
    for (const card of cards.values()) {
      if (card.at && (isHidden(this.#filters) || this.#fits(card))) marks.push({ at: card.at, n: 1, by: { [card.status]: 1 }, card })
    }
    return marks
  }

  #drawPin({ card }) {
    const { code, status, hazard, at, version } = card
    const chosen = code === this.#chosen
    const state = `${version} ${chosen}`
    const known = this.#map.drawing(code)
    if (known?.dataset.state === state) return code
    const drawing = pin({ status, hazard })
    drawing.dataset.state = state
    drawing.classList.toggle("chosen", chosen)
    this.#map.mark(code, at, drawing, {
      ...PIN,
      front: chosen ? 2000 : hazard ? 500 : 0,
      onPress: () => this.#choose(code),
      onHover: (on) => this.#tell("report:lit", { code, on }),
    })
    return code
  }

  #drawRing(mark) {
    const size = ringSize(mark.n)
    const name = `ring ${mark.at.map((degrees) => degrees.toFixed(5))} ${JSON.stringify(mark.by)}`
    this.#rings.push([name, { members: [mark], ...mark }])
    if (this.#map.drawing(name)) return name
    this.#map.mark(name, mark.at, ring(mark, this.#config.language), {
      size: [size, size],
      anchor: [size / 2, size / 2],
      onPress: () => this.#open(mark),
    })
    return name
  }

  /** A ring was pressed: go where its parts are seen apart. */
  #open(mark) {
    const { zoom, maxZoom } = this.#map
    const box = around((mark.members ?? []).map(({ at }) => at))
    const spread = box && (box[0] !== box[2] || box[1] !== box[3])
    if (spread && zoom < maxZoom) {
      const before = zoom
      this.#map.fit(box, { maxZoom: Math.min(before + 3, maxZoom) })
      if (this.#map.zoom > before) return
    }
    if (zoom < maxZoom) this.#map.go(mark.at, Math.min(zoom + 2, maxZoom))
    else if (mark.members?.[0].card) this.#choose(mark.members[0].card.code)
  }

  #markPlace(at) {
    const cross = document.createElement("span")
    cross.className = "map-place"
    this.#map.mark("place", at, cross, { size: [20, 20], anchor: [10, 10] })
  }

  async #drawGround() {
    try {
      const answer = await fetch(this.#config.areas, { credentials: "omit" })
      if (!answer.ok) return
      const keys = this.#config.keys
      this.#map.ground(await answer.json(), { served: keys.length ? new Set(keys) : null })
    } catch {
      // The ground is for the eye; pins and list work without it.
    }
  }

  // ── Choosing ──────────────────────────────────────────────────────────────────────────────
  #choose(code) {
    if (this.#chosen === code) return
    const before = this.#chosen
    this.#chosen = code
    for (const each of [before, code]) if (each && this.#book.get(each) && this.#map.drawing(each)) this.#drawPin({ card: this.#book.get(each) })
    this.#tell("report:chosen", { code })
    const card = this.querySelector(".map-card")
    card.hidden = true
    if (code) this.#showCard(code)
  }

  async #showCard(code) {
    try {
      const answer = await fetch(this.#config.card.replace("00000000", code), { credentials: "omit" })
      if (!answer.ok || this.#chosen !== code) return
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const card = this.querySelector(".map-card")
      card.querySelector(".place").replaceChildren(...page.body.childNodes)
      card.hidden = false
    } catch {
      // The list has the same card.
    }
  }

  // ── Tools ─────────────────────────────────────────────────────────────────────────────────
  #do(button) {
    const deeds = {
      in: () => this.#map.zoomIn(),
      out: () => this.#map.zoomOut(),
      locate: () => this.#locate(button),
      close: () => this.#choose(null),
      again: () => this.#readAnew(),
    }
    deeds[button.dataset.does]()
  }

  #locate(button) {
    button.setAttribute("aria-busy", "true")
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy")
        const at = [coords.longitude, coords.latitude]
        this.#map.you(at, coords.accuracy)
        this.#map.go(at, Math.max(this.#map.zoom, 16))
        this.#note(0)
      },
      ({ code }) => {
        button.removeAttribute("aria-busy")
        this.#say(code === 1 ? button.dataset.denied : button.dataset.failed)
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    )
  }

  /** What the visitor should know of this view: parts missing, or too much to show. */
  #note(failed) {
    const { dataset } = this.querySelector(".map-note")
    const isCut = this.#tiles.known(this.#tilesInView, this.#query).some(({ cut }) => cut)
    this.#say(failed ? dataset.failed : isCut ? dataset.cut : "", { again: failed > 0 })
  }

  #say(sentence, { again = false } = {}) {
    const note = this.querySelector(".map-note")
    note.hidden = !sentence
    note.querySelector("span").textContent = sentence
    note.querySelector("button").hidden = !again
  }

  #soon(name, ms, action) {
    clearTimeout(this.#timers[name])
    this.#timers[name] = setTimeout(action, ms)
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }))
  }
}

/** What two boxes share, or the first where they share nothing. */
function overlap(a, b) {
  const both = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]
  return both[0] < both[2] && both[1] < both[3] ? both : a
}

function near(map, a, b) {
  const [one, two] = [map.pixel(a), map.pixel(b)]
  return Math.hypot(one.x - two.x, one.y - two.y) < 64
}

customElements.define("report-map", ReportMap)
