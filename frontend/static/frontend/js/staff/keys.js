// <desk-keys>: single keys at the desk, the list of them, all commands by their names.

import { Combobox } from "#js/staff/combobox.js"
import { DeedDialog } from "#js/staff/deed-dialog.js"
import { isField, Presses, sign } from "#js/staff/keys-presses.js"
import { code as codeIn } from "#js/staff/keys-search.js"
import { RowsWalk } from "#js/staff/rows-walk.js"
import { Toasts } from "#js/staff/toasts.js"
import { lastOffer } from "#js/staff/undo-offer.js"

const REPEATS = new Set(["next", "previous", "select-next", "select-previous"])

class DeskKeys extends HTMLElement {
  #facts
  #presses
  #isOn
  #desk
  #walk
  #toasts
  #deed
  #help
  #palette
  #showCommands
  #back = null // what gets the focus when a dialog closes
  #abort = new AbortController()

  connectedCallback() {
    this.#facts = JSON.parse(this.querySelector("#desk-keys").textContent)
    this.#isOn = this.#facts.on
    this.#presses = new Presses(this.#facts.keys)
    this.#desk = document.querySelector("staff-desk")
    this.#walk = new RowsWalk(this.#desk)
    this.#toasts = new Toasts(this.querySelector("[data-toasts]"), {
      note: this.#template("note"),
      words: this.#facts.words,
      hint: () => (this.#isOn && this.#facts.keys.undo) || "",
    })
    this.#wireDeeds()
    this.#wireHelp()
    this.#wirePalette()
    document.addEventListener("keydown", (event) => this.#hear(event), { signal: this.#abort.signal })
  }

  disconnectedCallback() {
    this.#abort.abort()
  }

  // ── Hearing ──
  #hear(event) {
    if (event.defaultPrevented || this.#isOn === false) return
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault()
      return this.#openPalette()
    }
    if (document.querySelector("dialog[open]")) return
    if (event.key === "Escape") return this.#leave(event)
    if (isField(event.target)) return
    const name = this.#presses.press(event)
    const isHelp = name === "help" || (!this.#isOn && sign(event) === "?")
    if (!name && !isHelp) return
    if (!this.#isOn && !isHelp) return
    if (event.repeat && !REPEATS.has(name)) return
    event.preventDefault()
    this.run(isHelp ? "help" : name)
  }

  /** Out of a field or the report: back to the row. */
  #leave(event) {
    this.#deed.cancel()
    if (!this.#isOn || this.#walk.hasFocus || event.target.closest(".leaflet-container")) return
    const row = this.#walk.current
    if (!row || !this.#walk.isShown) return
    event.preventDefault()
    this.#walk.focus(row)
  }

  // ── Doing ──
  run(name) {
    const deeds = {
      next: () => this.#step(1),
      previous: () => this.#step(-1),
      open: () => this.#walk.current?.querySelector("th a").click(),
      select: () => this.#select(this.#walk.current),
      "select-next": () => this.#selectOn(1),
      "select-previous": () => this.#selectOn(-1),
      "go-inbox": () => this.#goTo("eingang"),
      "go-monday": () => this.#goTo("montag"),
      "go-mine": () => this.#goTo("meine"),
      map: () => this.#toggleMap(),
      search: () => this.#search(),
      undo: () => this.#undo(),
      help: () => this.#openHelp(),
      mine: () => this.#begin("zuweisung", { to: this.#facts.me }),
    }
    if (deeds[name]) return deeds[name]()
    const entry = this.#entry(name)
    if (entry) this.#begin(entry.dataset.slug)
  }

  /** On to the next row; where the report stands alone, to the report after it. */
  #step(way) {
    if (this.#walk.isShown) return this.#walk.step(way)
    const next = this.#walk.beside(way)
    if (next) next.querySelector("th a").click()
    else this.#toasts.say(this.#facts.words.last)
  }

  #goTo(view) {
    this.#desk.querySelector(`[data-view="${view}"]`)?.click()
  }

  #search() {
    const field = document.getElementById("suche")
    field?.focus()
    field?.select()
  }

  #toggleMap() {
    const isShown = this.#desk.classList.contains("has-map")
    const tab = this.#desk.querySelector(`[data-tab="${isShown ? "case" : "map"}"]`)
    if (tab && !tab.disabled) tab.click()
  }

  #select(row) {
    if (!this.#walk.isShown) return
    const box = this.#walk.box(row)
    if (!box) return this.#toasts.say(row ? this.#facts.words.none : this.#facts.words.first)
    box.click()
  }

  /** Both the row and its neighbour, and on to that. */
  #selectOn(way) {
    if (!this.#walk.isShown) return
    const from = this.#walk.current
    const to = this.#walk.step(way)
    for (const row of [from, to]) {
      const box = this.#walk.box(row)
      if (box && !box.checked) box.click()
    }
  }

  #undo() {
    const offer = lastOffer()
    if (offer) offer.form.requestSubmit()
    else this.#toasts.say(this.#facts.words.nothing)
  }

  // ── Deeds ──
  #wireDeeds() {
    const templates = { option: this.#template("option"), frame: this.#template("typeahead") }
    this.#deed = new DeedDialog(this.querySelector("[data-deed-dialog]"), { templates, words: this.#facts.words })
    const { none, failed } = this.#facts.words
    this.#deed.addEventListener("impossible", () => this.#toasts.say(none))
    this.#deed.addEventListener("failed", () => this.#toasts.say(failed))
    this.#deed.addEventListener("expired", () => location.reload())
    this.#deed.addEventListener("done", ({ detail }) => this.#done(detail))
    this.#deed.addEventListener("closed", ({ detail: code }) => code && this.#giveBack())
    this.#toasts.addEventListener("undone", ({ detail }) => {
      if (detail) this.#tell(detail)
      this.#giveBack(detail && this.#walk.row(detail.code))
    })
  }

  /** Whose deed it would be where none is ticked: of the row with the focus, else of the open report, else of the last row. */
  get #subject() {
    const { current, hasFocus } = this.#walk
    const article = this.#desk.querySelector("[data-case]:not([hidden]) .case")
    const isInRow = hasFocus || !article
    if (!isInRow) return { code: article.dataset.code, row: this.#walk.row(article.dataset.code) ?? null, status: article.dataset.status }
    return current ? this.#of(current) : null
  }

  #of(row) {
    return { code: row.dataset.code, row, status: row.dataset.status }
  }

  #begin(slug, fill = null) {
    const ticked = this.#walk.rows.filter((row) => this.#walk.box(row)?.checked)
    if (ticked.length > 1) return this.#beginMany(slug)
    const subject = ticked.length === 1 ? this.#of(ticked[0]) : this.#subject
    if (!subject) return this.#toasts.say(this.#facts.words.first)
    this.#back = { ...subject, focus: document.activeElement, next: subject.row && this.#walk.after(subject.row) }
    const page = this.#pageOf(subject.code, slug)
    if (this.#entryOf(slug)?.hasAttribute("data-page")) return location.assign(page)
    const list = this.#desk.querySelector(".desk-list").dataset.query
    this.#deed.open({ code: subject.code, slug, url: `${page}?${list}`, fill })
  }

  #pageOf(code, slug) {
    return this.#desk.dataset.rowUrl.replace("CODE", code).replace(/zeile$/, slug).replace(/\/$/, "")
  }

  /** With several reports selected a deed is for all of them, on the page for many. */
  #beginMany(slug) {
    if (!this.#facts.many.includes(slug)) return this.#toasts.say(this.#facts.words.not_many)
    const form = this.#desk.querySelector("form[data-chosen]")
    form.action = `${form.action.replace(/#.*/, "")}#tat=${slug}`
    form.requestSubmit()
  }

  /** On to the next report when this one has moved on, else back to it. */
  #done({ code, version, status, messages }) {
    this.#toasts.take(messages)
    this.#tell({ code, version })
    const { row, next, status: before } = this.#back ?? {}
    const hasLeft = version === null || status !== before
    this.#giveBack(hasLeft ? next : (this.#walk.row(code) ?? row))
  }

  #tell(detail) {
    this.#desk.dispatchEvent(new CustomEvent("deed:done", { detail }))
  }

  #giveBack(row = null) {
    const wanted = row ?? this.#back?.row
    const known = wanted && (this.#walk.row(wanted.dataset.code) ?? wanted)
    if (known?.isConnected && known.offsetParent !== null) this.#walk.focus(known)
    else if (this.#back?.focus?.isConnected && this.#back.focus !== document.body) this.#back.focus.focus()
    else this.#desk.querySelector("[data-case] [data-focus]")?.focus({ preventScroll: true })
  }

  // ── Help ──
  #wireHelp() {
    this.#help = this.querySelector("[data-help]")
    this.#help.querySelector("[data-switch]").addEventListener("submit", (event) => {
      event.preventDefault()
      this.#switch(event.submitter.value === "1")
    })
    this.#help.addEventListener("close", () => this.#giveFocus())
    for (const link of document.querySelectorAll("[data-open-help]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault()
        this.#openHelp()
      })
    }
  }

  #openHelp() {
    this.#keepFocus()
    if (this.#isOn === null) this.#switch(true)
    this.#showState()
    for (const entry of this.#help.querySelectorAll("[data-command]")) entry.hidden = !this.#works(entry)
    this.#help.showModal()
  }

  async #switch(isOn) {
    this.#isOn = isOn
    this.#showState()
    const form = this.#help.querySelector("[data-switch]")
    const body = new FormData(form)
    body.set("on", isOn ? "1" : "0")
    await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin" }).catch(() => {})
  }

  #showState() {
    for (const part of this.#help.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "on") !== Boolean(this.#isOn)
  }

  /** A deed that the open report has no step for does not work here. */
  #works({ dataset: { slug, command } }) {
    if (command.startsWith("select")) return this.#walk.rows.some((row) => this.#walk.box(row))
    const subject = command.startsWith("deed-") || command === "mine" ? this.#subject : null
    const article = this.#desk.querySelector(".case")
    if (!subject || article?.dataset.code !== subject.code) return true
    return article.dataset.things.split(" ").includes(slug)
  }

  #entryOf(slug) {
    return this.#help.querySelector(`[data-slug="${CSS.escape(slug)}"]`)
  }

  #entry(name) {
    return this.#help.querySelector(`[data-command="${CSS.escape(name)}"]`)
  }

  // ── All commands ──
  #wirePalette() {
    this.#palette = this.querySelector("[data-palette]")
    const [input, list] = [this.#palette.querySelector("input"), this.#palette.querySelector("ul")]
    const nothing = this.#palette.querySelector("[data-nothing]")
    const box = new Combobox(input, list, { option: this.#template("option"), items: (typed) => this.#offers(typed) })
    input.addEventListener("input", () => (nothing.hidden = !box.isEmpty))
    box.addEventListener("choose", ({ detail }) => {
      this.#palette.close()
      detail.run()
    })
    this.#palette.addEventListener("close", () => this.#giveFocus())
    this.#showCommands = () => {
      input.value = ""
      nothing.hidden = true
      box.show()
    }
  }

  #openPalette() {
    const other = document.querySelector("dialog[open]")
    if (other && other !== this.#help) return
    other?.close()
    this.#keepFocus()
    this.#palette.showModal()
    this.#showCommands()
  }

  #offers(typed) {
    const { words } = this.#facts
    const found = [...this.#commands(), ...this.#links(), ...this.#reports()]
    const code = codeIn(typed)
    const fixed = []
    if (code && !this.#walk.row(code)) {
      const shown = `${code.slice(0, 4)}-${code.slice(4)}`
      fixed.push({ words: words.open.replace("{code}", shown), kind: words.report, run: () => location.assign(this.#pageOf(code, "")) })
    } else if (typed.trim()) {
      fixed.push({ words: words.search.replace("{words}", typed.trim()), run: () => location.assign(`${this.#desk.dataset.deskUrl}?q=${encodeURIComponent(typed.trim())}`) })
    }
    return { found, fixed }
  }

  #commands() {
    return [...this.#help.querySelectorAll("[data-command]")]
      .filter((entry) => this.#works(entry))
      .map((entry) => ({
        words: entry.querySelector(".words").textContent,
        caps: this.#facts.keys[entry.dataset.command] ?? "",
        run: () => this.run(entry.dataset.command),
      }))
  }

  #links() {
    const { view, page } = this.#facts.words
    const offer = (kind) => (link) => ({ words: link.querySelector(".name")?.textContent ?? link.textContent.trim(), kind, run: () => link.click() })
    return [
      ...[...this.#desk.querySelectorAll("[data-views] a")].map(offer(view)),
      ...[...document.querySelectorAll(".site-header nav > a[href]")].map(offer(page)),
    ]
  }

  #reports() {
    return this.#walk.rows.map((row) => ({
      words: `${row.querySelector("th a").textContent} ${row.dataset.title}`,
      kind: this.#facts.words.report,
      run: () => row.querySelector("th a").click(),
    }))
  }

  // ── Focus ──
  #keepFocus() {
    const element = document.activeElement
    this.#back = { row: element?.closest?.("tr[data-code]") ?? null, focus: element }
  }

  #giveFocus() {
    if (document.activeElement && document.activeElement !== document.body && !this.contains(document.activeElement)) return
    if (this.#back) this.#giveBack()
  }

  #template(name) {
    return this.querySelector(`template[data-${name}]`)
  }
}

customElements.define("desk-keys", DeskKeys)
