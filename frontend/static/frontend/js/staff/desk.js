// <staff-desk>: list, report and map side by side, each kept as fresh as the live line rings.

import { live } from "#js/live.js"
import "#js/staff/composer.js"
import "#js/staff/presence.js"
import { Ages } from "#js/staff/ages.js"
import { Announcer } from "#js/parts/announcer.js"
import "#js/staff/filter-box.js"
import { withBox } from "#js/staff/filter-words.js"
import { Lasso } from "#js/staff/lasso.js"
import { List } from "#js/staff/list.js"
import { ListMap, placeMap } from "#js/staff/maps.js"
import { Pane } from "#js/staff/pane.js"

const MOVE_PAUSE_MS = 350
const WIDE = matchMedia("(width >= 75rem)")
const read = (id) => JSON.parse(document.getElementById(id).textContent)

class StaffDesk extends HTMLElement {
  #list
  #pane
  #map = null
  #placeMap = null
  #lasso = null
  #words
  #moving = null
  #announcer
  #ground = null
  #page = location.href.replace(/#.*/, "") // what the address line says of us
  #ages = null
  #end = () => {}
  #abort = new AbortController()

  connectedCallback() {
    const words = (this.#words = read("desk-words"))
    const { topics, cursor } = read("desk-live")
    this.#announcer = new Announcer(this.querySelector("[data-one]"))
    this.#list = new List(this, words)
    this.#pane = new Pane(this.querySelector("[data-case]"), words)
    this.#wireList()
    this.#wirePane()
    this.#wireTabs()
    this.#ages = new Ages(this, words, () => this.#readAnew())
    this.addEventListener("deed:done", ({ detail }) => this.#done(detail))
    this.querySelector("[data-views] [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" })
    if (this.#pane.article) this.#shown(this.#pane.article)
    else if (WIDE.matches) this.#showMap()
    if (topics.length) {
      this.#end = live.subscribe(topics, {
        cursor,
        onMessage: (message) => this.#hear(message),
        onResync: () => this.#readAnew(),
      })
    }
  }

  disconnectedCallback() {
    this.#end()
    this.#ages?.end()
    this.#abort.abort()
  }

  /** A deed was done without the pane; `version` null: the report is no longer in this user's care. */
  #done({ code, version }) {
    if (version === null) return this.#list.refresh(code)
    this.#list.hear({ code, version })
    if (code === this.#pane.code) this.#pane.refresh(version)
  }

  // ── Live ──
  #hear(bell) {
    if (bell.kind !== "bell") return
    this.#list.hear(bell)
    if (bell.code === this.#pane.code) this.#pane.refresh(bell.version)
  }

  #readAnew() {
    if (this.#pane.isBusy) this.#pane.tellChange()
    else location.reload()
  }

  #signIn() {
    if (!this.#pane.isBusy) location.reload()
  }

  // ── List ──
  #wireList() {
    const list = this.#list
    list.addEventListener("row", ({ detail: row }) => this.#map?.show(row))
    list.addEventListener("rows", () => this.#showRows())
    list.selection.addEventListener("changed", ({ detail }) => this.#map?.pick(detail))
    list.addEventListener("came", ({ detail: code }) => this.#announcer.count(code))
    list.addEventListener("expired", () => this.#signIn())
    list.addEventListener("gone", ({ detail: code }) => {
      this.#map?.hide(code)
      if (code === this.#pane.code) this.#pane.tellChange()
    })
    this.addEventListener("click", (event) => this.#pressRow(event))
    for (const name of ["mouseover", "focusin"]) {
      this.addEventListener(name, ({ target }) => {
        const row = target.closest?.(".desk-row")
        this.#map?.light(row?.dataset.code ?? null)
      })
    }
    addEventListener("popstate", () => this.#wander(), { signal: this.#abort.signal })
  }

  /** Back or forward to another page of the desk; a link to a place within this one is none. */
  #wander() {
    const page = location.href.replace(/#.*/, "")
    if (page !== this.#page) location.reload()
  }

  /** The rows that stand in the list now, on the map. */
  #showRows() {
    this.#map?.showOnly(this.#list.all)
    this.#map?.pick(this.#list.selection.codes)
    this.#map?.choose(this.#pane.code)
    this.#list.select(this.#pane.code)
  }

  /** The pin that is pointed at, in the list; null: none. */
  #light(code) {
    for (const row of this.#list.rows) row.toggleAttribute("data-lit", row.dataset.code === code)
  }

  #pressRow(event) {
    const link = event.target.closest(".desk-row a, .desk-alarm a")
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!link || !isPlain || !WIDE.matches) return
    event.preventDefault()
    this.#open(link.href)
  }

  async #open(href) {
    if (!(await this.#pane.open(href))) location.assign(href)
  }

  // ── Report ──
  #wirePane() {
    const pane = this.#pane
    pane.addEventListener("shown", ({ detail }) => {
      if (detail.isAsked) this.#tab("case")
      this.#shown(detail.article)
    })
    pane.addEventListener("left", ({ detail: url }) => location.assign(url))
    pane.addEventListener("expired", () => this.#signIn())
  }

  #shown(article) {
    const { code, title, pageTitle, version, url } = article.dataset
    document.title = pageTitle
    document.querySelector("[data-heading]").textContent = title
    if (location.pathname + location.search !== url) history.pushState(null, "", url)
    this.#page = location.href.replace(/#.*/, "")
    this.classList.add("has-case")
    this.#list.select(code)
    this.#list.hear({ code, version: Number(version) })
    this.#placeMap?.remove()
    this.#placeMap = placeMap(article.querySelector("[data-mini-map]"), article, this.#areas())
    this.#map?.choose(code)
  }

  // ── Map ──
  #wireTabs() {
    for (const tab of this.querySelectorAll("[data-tab]")) {
      tab.addEventListener("click", () => this.#tab(tab.dataset.tab))
    }
    for (const button of this.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.#map?.zoom(button.dataset.zoom))
    }
    this.querySelector("[data-show-map]").addEventListener("click", (event) => {
      event.preventDefault()
      this.#tab("map")
      this.querySelector("[data-side]").scrollIntoView()
    })
  }

  #tab(name) {
    for (const tab of this.querySelectorAll("[data-tab]")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.tab === name))
      if (tab.dataset.tab === "case") tab.disabled = !this.#pane.article
    }
    this.classList.toggle("has-map", name === "map")
    this.querySelector("[data-case]").hidden = name !== "case"
    this.querySelector("[data-map]").hidden = name !== "map"
    const side = this.querySelector("[data-side]")
    side.setAttribute("aria-label", name === "map" ? side.dataset.mapLabel : side.dataset.caseLabel)
    if (name === "map") this.#showMap()
    else this.#placeMap?.resized()
  }

  #showMap() {
    if (this.#map) return this.#map.resized()
    this.#map = new ListMap(this.querySelector("[data-map-box]"), this.#list.all, {
      ground: this.#areas(),
      part: this.querySelector(".desk-list").dataset.box?.split(",").map(Number),
      fit: read("desk-live").extent,
      onHover: (code) => this.#light(code),
      onMove: () => this.#moved(),
      onPress: (code) => {
        const link = this.#list.all.find((row) => row.dataset.code === code)?.querySelector("a")
        if (link) this.#open(link.href)
      },
    })
    this.#map.choose(this.#pane.code)
    this.#map.pick(this.#list.selection.codes)
    this.#wireMap()
  }

  #wireMap() {
    const [draw, part, filter] = ["lasso", "part", "filter"].map((name) => this.querySelector(`[data-map-${name}]`))
    this.#lasso = new Lasso(this.querySelector("[data-map-box]"))
    this.#lasso.addEventListener("drawn", ({ detail }) => this.#choose(this.#map.codesWithin(detail)))
    this.#lasso.addEventListener("left", () => draw.setAttribute("aria-pressed", "false"))
    draw.addEventListener("click", () => {
      this.#lasso.toggle()
      draw.setAttribute("aria-pressed", String(this.#lasso.isOn))
    })
    part.addEventListener("click", () => this.#choose(this.#map.codesInBox))
    filter.addEventListener("change", () => this.#filterByMap())
    addEventListener("keydown", ({ key }) => key === "Escape" && this.#lasso.toggle(false), { signal: this.#abort.signal })
  }

  /** Select what was marked on the map, besides what is selected. */
  #choose(codes) {
    this.#lasso.toggle(false)
    const n = this.#list.selection.add(codes)
    const { lassoed_one: one, lassoed_many: many } = this.#words
    this.#announcer.say(n === 1 ? one : many.replace("{n}", n))
  }

  // ── The map filters the list ──
  #moved() {
    if (!this.querySelector("[data-map-filter]").checked) return
    clearTimeout(this.#moving)
    this.#moving = setTimeout(() => this.#filterByMap(), MOVE_PAUSE_MS)
  }

  async #filterByMap() {
    const isOn = this.querySelector("[data-map-filter]").checked
    const query = withBox(this.#list.query, isOn ? this.#map.box : null)
    if (query === this.#list.query) return
    await this.#list.load(query)
    if (this.#pane.code) return
    history.replaceState(null, "", `${this.dataset.deskUrl}?${query}`)
    this.#page = location.href
  }

  /** The boundaries, asked for once. */
  #areas() {
    this.#ground ??= fetch(this.dataset.areasUrl).then((answer) => {
      if (!answer.ok) throw new Error(`areas: ${answer.status}`)
      return answer.json()
    })
    return this.#ground
  }
}

customElements.define("staff-desk", StaffDesk)
