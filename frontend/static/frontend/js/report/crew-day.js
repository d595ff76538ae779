// <crew-day>: a crew's list on its phone. What it answers goes into the same queue as residents'
// reports: kept first, sent by itself, exactly once. The page itself is kept by the service worker.

import { queue } from "#js/offline/queue.js"
import { keepDay } from "#js/offline/register.js"
import { shrink } from "#js/report/shrink.js"
import { newId } from "#js/report/upload.js"

const CREW = "crew" // what tells its answers from residents' reports
const LEAST_WORDS = 3 // as the server asks for

class CrewDay extends HTMLElement {
  #sending = new Set()
  #isFleeting = false
  #drawing = null
  #isRenewing = false
  #isStale = false

  connectedCallback() {
    this.language = document.documentElement.lang
    this.addEventListener("submit", (event) => this.#submitted(event))
    this.addEventListener("click", (event) => this.#pressed(event))
    queue.addEventListener("news", ({ detail }) => this.#hear(detail))
    for (const type of ["online", "offline"]) addEventListener(type, () => this.#network())
    this.#network()
    this.#catchUp()
    queue.kick()
    keepDay(location.pathname)
  }

  // ── Answering ────────────────────────────────────────────────────────────────────────────
  async #submitted(event) {
    const { target: form, submitter } = event
    if (!submitter?.value) return
    event.preventDefault()
    if (form.dataset.isBusy) return
    form.dataset.isBusy = "1"
    try {
      await this.#handIn(form, submitter)
    } finally {
      delete form.dataset.isBusy
    }
  }

  async #handIn(form, { value: state, textContent: said }) {
    const text = form.elements.text.value.trim()
    const files = [...form.elements.photo.files]
    if (state === "other" && text.length < LEAST_WORDS && files.length === 0) return this.#lack(form)
    this.#lack(form, false)
    const blobs = new Map()
    for (const file of files) blobs.set(newId(), await shrink(file))
    const answer = this.#answer(form, { state, text, said: said.trim(), blobs })
    const kept = await queue.handIn(answer, blobs)
    form.reset()
    form.closest("details").open = false
    form.closest("li").querySelector("h2").focus()
    if (kept !== "kept") this.#isFleeting = true
    await this.#draw()
  }

  #answer(form, { state, text, said, blobs }) {
    const id = newId()
    const at = Date.now()
    const stop = form.elements.stop.value
    const fields = Object.entries({ client_id: id, stop, state, text, at: String(at) })
    const photos = [...blobs].map(([photo, { size }]) => ({ id: photo, size, stagedAt: 0 }))
    const title = form.closest("li").querySelector("h2").textContent.trim()
    const { door, photoDoor } = this.dataset
    const ways = { door, photoDoor, form: location.pathname, language: this.language }
    return { id, kind: CREW, stop, said, text, fields, photos, title, at, ...ways }
  }

  #lack(form, isLacking = true) {
    const line = form.querySelector("[data-lack]")
    line.hidden = !isLacking
    line.querySelector("span").textContent = this.dataset.lacks
    const field = form.elements.text
    field.closest(".field").classList.toggle("has-error", isLacking)
    field.setAttribute("aria-invalid", String(isLacking))
    if (isLacking) field.focus()
  }

  // ── What waits ───────────────────────────────────────────────────────────────────────────
  #hear({ id, kind }) {
    if (kind === "sending") this.#sending.add(id)
    else this.#sending.delete(id)
    if (kind === "sent") this.#renew()
    this.#draw()
  }

  async #mine() {
    const all = (await queue.all()).filter(({ kind, door }) => kind === CREW && door === this.dataset.door)
    return all.sort((one, other) => one.at - other.at)
  }

  /** One after the other, so that an older look never overwrites a newer one. */
  #draw() {
    this.#drawing = (this.#drawing ?? Promise.resolve()).then(() => this.#drawNow())
    return this.#drawing
  }

  async #drawNow() {
    const mine = await this.#mine()
    const unsent = mine.filter(({ state }) => ["waiting", "refused"].includes(state))
    for (const place of this.querySelectorAll("[data-waiting]")) {
      const { stop } = place.closest("[data-stop]").dataset
      place.replaceChildren(...mine.filter((each) => each.stop === stop).map((each) => this.#row(each)))
    }
    const n = unsent.length
    const words = n === 1 ? this.dataset.one : this.dataset.many.replace("{n}", n)
    const line = this.querySelector("[data-unsent-words]")
    const fleeting = this.#isFleeting && n ? ` ${this.dataset.fleeting}` : ""
    const said = n ? words + fleeting : this.dataset.allSent
    if (line.textContent !== said) line.textContent = said
    this.querySelector("[data-send-now]").hidden = n === 0
    if (n) this.querySelector("[data-unsent-line]").hidden = false
    this.#showLine()
  }

  #row(answer) {
    const row = this.querySelector("[data-row]").content.firstElementChild.cloneNode(true)
    row.dataset.id = answer.id
    row.querySelector("[data-words]").textContent = this.#words(answer)
    row.querySelector("[data-text]").hidden = answer.state === "sent"
    const photo = answer.photos.length ? `(${this.dataset.photosUnsent})` : ""
    row.querySelector("[data-text]").textContent = [answer.text, photo].filter(Boolean).join(" ")
    if (answer.state === "refused") {
      const why = row.querySelector("[data-why]")
      why.textContent = (answer.sentences ?? []).join(" ")
      why.hidden = false
      row.querySelector("[data-deeds]").hidden = false
    }
    return row
  }

  #words({ id, state, said, notBefore }) {
    const { sending, later, refused, unsent, sent } = this.dataset
    if (state === "sent") return sent.replace("{said}", said)
    if (state === "refused") return refused.replace("{said}", said)
    if (this.#sending.has(id)) return sending.replace("{said}", said)
    if (!(notBefore > Date.now())) return unsent.replace("{said}", said)
    const time = new Intl.DateTimeFormat(this.language, { timeStyle: "short" }).format(notBefore)
    return later.replace("{said}", said).replace("{time}", time)
  }

  async #pressed(event) {
    if (event.target.closest("[data-send-now]")) await queue.kick()
    const row = event.target.closest("[data-id]")
    if (row && event.target.closest("[data-again]")) {
      await queue.change(row.dataset.id, { state: "waiting", notBefore: 0 })
      await queue.kick()
    } else if (row && event.target.closest("[data-discard]")) {
      await queue.remove(row.dataset.id)
    } else return
    await this.#draw()
  }

  #network() {
    this.querySelector("[data-offline]").hidden = navigator.onLine
    this.#showLine()
    if (navigator.onLine) this.#catchUp()
  }

  #showLine() {
    const parts = ["[data-offline]", "[data-unsent-line]"].map((each) => this.querySelector(each))
    this.querySelector("[data-line]").hidden = parts.every(({ hidden }) => hidden)
  }

  // ── The list as the server has it ────────────────────────────────────────────────────────
  /** The page may be the kept one, older than what the browser has sent behind its back. */
  async #catchUp() {
    await this.#draw()
    if ((await this.#mine()).some(({ state }) => state === "sent")) await this.#renew()
  }

  async #renew() {
    this.#isStale = true
    if (this.#isRenewing) return
    this.#isRenewing = true
    while (this.#isStale) {
      this.#isStale = false
      await this.#fetchList().catch(() => {}) // no network: the next answer that arrives tries again
    }
    this.#isRenewing = false
  }

  async #fetchList() {
    const sent = (await this.#mine()).filter(({ state }) => state === "sent")
    const answer = await fetch(location.pathname, { credentials: "omit", cache: "no-store" })
    if (!answer.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const fresh = page.querySelector("crew-day")
    if (!fresh) return
    for (const name of ["head", "map"]) {
      const [old, young] = [this, fresh].map((each) => each.querySelector(`[data-part="${name}"]`))
      if (old && young) old.replaceWith(document.adoptNode(young))
    }
    this.#exchangeStops(fresh)
    for (const { id } of sent) await queue.remove(id) // the list itself tells it now
    await this.#draw()
    keepDay(location.pathname)
  }

  /** A stop that is being answered, or has the focus, stays as it is. */
  #exchangeStops(fresh) {
    const [list, young] = [this, fresh].map((each) => each.querySelector('[data-part="list"]'))
    for (const stop of young.children) {
      const old = stop.id && list.querySelector(`#${CSS.escape(stop.id)}`)
      if (!old) list.append(document.adoptNode(stop))
      else if (!old.querySelector("details[open]") && !old.contains(document.activeElement)) {
        old.replaceWith(document.importNode(stop, true))
      }
    }
  }
}

customElements.define("crew-day", CrewDay)
