// <report-form>: lays comfort over the plain form. Every answer comes from the server as the same
// fragment that the page without scripts would show.

import "#js/report/photos.js"
import "#js/report/place.js"
import { ask, patch } from "#js/report/exchange.js"
import { addressOf, beside, stepIn, stepOf } from "#js/report/steps.js"

const NARROW = matchMedia("(width < 48rem)")
const ALL = ["errors", "hazard", "place", "hits", "categories", "questions", "text", "duplicates", "contact", "summary", "preview"]
const PARTS_OF = {
  foto: ["errors", "preview"],
  ort: ["errors", "place", "preview"],
  was: ["errors", "categories", "questions", "text", "duplicates", "preview"],
  schon: ["errors", "preview"],
  kontakt: ["errors", "contact", "summary", "preview"],
  pruefen: ["errors", "summary", "preview"],
}
// What the first step can do without comes once the page stands: on a bad line that saves a third.
const LATER = [
  "#js/offline/keeper.js",
  "#js/report/categories.js",
  "#js/report/text-hint.js",
  "#js/report/pixelate.js",
]
const CHOSEN = ["categories", "questions"]
const CHECK_MS = 4000

class ReportForm extends HTMLElement {
  #running = new Map()
  #changes = 0

  connectedCallback() {
    this.form = this.querySelector("form")
    this.sections = [...this.querySelectorAll("[data-step]")]
    this.steps = [...new Set(this.sections.map((section) => section.dataset.step))]
    this.at = this.querySelector("input[name=step]")
    this.photos = this.querySelector("photo-picker")
    this.place = this.querySelector("place-finder")
    this.title = document.title.replace(this.dataset.errorPrefix, "")
    for (const element of this.querySelectorAll("[data-js]")) element.hidden = false
    for (const element of this.querySelectorAll("[data-no-js]")) element.hidden = true
    this.#listen()
    this.#count()
    this.toggleAttribute("data-ready", true)
    this.#show(this.#firstStep())
    if (this.querySelector("[data-error-summary]")) this.#toProblems()
    this.later = this.#loadLater()
    this.later.catch(() => {}) // without it the form works as it does with a network
  }

  async #loadLater() {
    if (document.readyState !== "complete") {
      await new Promise((resolve) => addEventListener("load", resolve, { once: true }))
    }
    await Promise.all(LATER.map((name) => import(name)))
    this.keeper = this.querySelector("draft-keeper")
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.onPop)
  }

  #listen() {
    this.form.addEventListener("submit", (event) => this.#submitted(event))
    this.addEventListener("click", (event) => this.#pressed(event))
    this.addEventListener("change", (event) => this.#changed(event))
    this.addEventListener("input", () => this.#typed())
    this.addEventListener("place:search", () => this.#search())
    // Before the picker stops it: the camera came back with something.
    this.addEventListener("change", (event) => this.#shot(event), { capture: true })
    this.addEventListener("place:settled", (event) => this.#chosen({ photo_at: event.detail.answer }))
    this.addEventListener("place:chosen", (event) => this.#chosen(event.detail))
    this.addEventListener("place:confirmed", () => (NARROW.matches ? this.#next() : this.#go("was")))
    this.addEventListener("photos:changed", (event) => this.#photographed(event.detail))
    this.onPop = () => this.#show(stepOf(location, this.steps), { moves: true })
    addEventListener("popstate", this.onPop)
  }

  // ── Steps ────────────────────────────────────────────────────────────────────────────────
  /** Where the server says; else where an address without a network was left, if it has begun. */
  #firstStep() {
    const isBegun = this.place.spot || this.photos.count || this.form.description.value
    return isBegun && location.hash ? stepOf(location, this.steps) : this.at.value
  }

  get step() {
    return this.at.value
  }

  /** A narrow screen has one step at a time; on a wide one this only says which comes next. */
  #show(step, { moves = false } = {}) {
    this.at.value = step
    if (step === this.steps.at(-1)) this.form.elements.back_to.value = ""
    for (const section of this.sections) {
      section.classList.toggle("is-current", section.dataset.step === step)
    }
    this.#progress()
    if (!NARROW.matches) return
    if (step === "ort") this.place.shown()
    if (!moves) return
    this.#announce("") // what was said of another step
    scrollTo(0, 0)
    const heading = this.#section(step).querySelector("h2")
    heading?.focus({ preventScroll: true })
    document.title = step === this.steps[0] || !heading ? this.title : `${heading.textContent.trim()} – ${this.title}`
  }

  #progress() {
    const numbered = this.steps.filter((step) => !this.#section(step).dataset.ifFilled)
    const n = numbered.findLastIndex((step) => this.steps.indexOf(step) <= this.steps.indexOf(this.step)) + 1
    const text = this.querySelector("[data-step-text]")
    text.textContent = text.dataset.pattern.replace("{n}", n).replace("{all}", numbered.length)
    const bar = this.querySelector("[data-step-bar]")
    bar.max = numbered.length
    bar.value = n
    this.querySelector("[data-step-back]").hidden = this.step === this.steps[0]
    this.querySelector("[data-next-bar]").classList.toggle("is-last", this.step === this.steps.at(-1))
    this.#skip()
  }

  /** "Ohne Foto weiter", "Ohne Kontakt weiter": what is left out is left out knowingly. */
  #skip() {
    const next = this.querySelector("[data-next-text]")
    const isEmpty = Boolean({
      foto: () => this.photos.count === 0,
      kontakt: () => ["email", "name", "phone"].every((name) => !this.form.elements[name].value.trim()),
    }[this.step]?.())
    const words = { foto: next.dataset.skipFoto, kontakt: next.dataset.skipKontakt }[this.step]
    next.textContent = isEmpty ? words : next.dataset.go
    this.querySelector("[data-step-next]").classList.toggle("secondary", this.step === "foto" && isEmpty)
  }

  /** Whether a step has nothing to ask: no report nearby tells of the same. */
  #isLeftOut(step) {
    const { ifFilled } = this.#section(step).dataset
    return Boolean(ifFilled) && this.querySelector(`#${ifFilled}`).childElementCount === 0
  }

  /** Another step comes into view, under an address of its own; on a wide screen just its heading. */
  #go(step, here = addressOf(step, location.pathname, this.steps)) {
    if (NARROW.matches) {
      history.pushState({ step }, "", here || `#${step}`)
      this.#show(step, { moves: true })
      return
    }
    this.at.value = step
    const heading = this.#section(step).querySelector("h2")
    heading.focus({ preventScroll: true })
    heading.scrollIntoView({ block: "center", behavior: "smooth" })
  }

  #section(step) {
    return this.sections.find((section) => section.dataset.step === step)
  }

  /** "Weiter": the server looks over this step; without a network this device, as far as it can. */
  async #next() {
    const step = this.step
    this.#busy(true)
    try {
      // Photos on their way make words optional, too.
      const more = { coming: this.photos.count }
      const answer = await ask(this.form, { action: "next", parts: PARTS_OF[step], more, timeout: CHECK_MS })
      this.#patch(answer.html)
      if (answer.status === 200) this.#go(stepIn(answer.here, this.steps), answer.here)
      else this.#toProblems()
    } catch {
      await this.#standIn(PARTS_OF[step], {})
      this.#lost(true)
      const lacks = await this.keeper?.lacks(step)
      if (lacks) {
        this.#patch(lacks)
        this.#toProblems()
      } else {
        this.#go(beside(step, 1, this.steps, (each) => this.#isLeftOut(each)))
      }
    } finally {
      this.#busy(false)
    }
  }

  // ── What happens ─────────────────────────────────────────────────────────────────────────
  #submitted(event) {
    event.preventDefault()
    const action = event.submitter?.value
    if (action === "send") this.#send()
    else if (event.submitter?.name === "same") this.#same(action)
    else if (action === "find-place") this.#search()
    else if (action === "back") this.#back()
    else if (event.submitter?.dataset.goto) this.#goto(event.submitter.dataset.goto)
    else if (NARROW.matches && this.step !== this.steps.at(-1)) this.#next()
  }

  #pressed(event) {
    const link = event.target.closest("[data-error-summary] a")
    if (link) this.#toField(event, link)
    // A screen reader's and a finger's press count; the arrow keys that wander through do not.
    if (event.target.closest("[name=category], [name=pick]")) this.isTapped = event.detail > 0
    // The place is asked for while the camera is open, if nobody has to be asked for leave.
    if (event.target.matches("[data-capture]")) this.place.locateIfAllowed()
  }

  #shot({ target }) {
    if (target.matches("[data-capture]") && target.files.length > 0) this.place.locateAtCamera()
  }

  /** From looking it over to a step; "Weiter" leads back from there. */
  #goto(step) {
    this.form.elements.back_to.value = this.step === this.steps.at(-1) ? this.step : ""
    this.#go(step)
  }

  #back() {
    if (history.state?.step === this.step) history.back()
    else this.#go(beside(this.step, -1, this.steps, (each) => this.#isLeftOut(each)))
  }

  #changed(event) {
    this.#changes += 1
    const { name } = event.target
    if (name === "category") this.#chooseCategory()
    else if (name?.startsWith("answer.")) this.#refresh("choose-category", ["questions", "preview"])
    else if (["private", "email", "name", "name_is_public"].includes(name)) this.#refresh("preview", ["preview"])
  }

  /** A photo and a kind that asks nothing more are a report: one tap leads on, as the hint says. */
  async #chooseCategory() {
    const answer = await this.#refresh("choose-category", ["questions", "duplicates", "preview"])
    const isAll = this.photos.count > 0 && !this.querySelector("#part-questions").querySelector(".field, fieldset, details, .notice:not(.advice)")
    if (answer && isAll && this.isTapped && NARROW.matches && this.step === "was") this.#next()
  }

  #typed() {
    this.#count()
    this.#skip()
  }

  async #search() {
    const answer = await this.#refresh("find-place", ["hits"])
    if (answer) this.#announce(this.querySelector("#part-hits").textContent)
  }

  /** A place, by whatever way; what a photo tells goes along, for it may speak against it. */
  async #chosen(answer) {
    this.hasChosen = true
    this.#running.get("add-photo")?.abort()
    this.choosing = this.#refresh(
      "preview",
      ["hazard", "place", "hits", "categories", "questions", "duplicates", "preview"],
      { ...this.notes, ...answer, place: "" },
    )
    if (await this.choosing) this.place.settle()
  }

  #photographed({ count, isNew, pictures, position, taken }) {
    if (position || taken) this.#note({ position, taken })
    this.toggleAttribute("data-has-photos", count > 0)
    this.pictures = pictures
    this.#picture()
    this.#skip()
    if (isNew && NARROW.matches && this.step === "foto") this.#next()
  }

  /** What a photo tells of where and when: offered as the place, or a doubt about the device's. */
  async #note({ position, taken }) {
    const photo_spot = position?.map((degrees) => degrees.toFixed(6)).join(",") ?? ""
    const photo_taken = taken ? new Date(taken).toISOString() : ""
    if (this.notes?.photo_spot === photo_spot && this.notes.photo_taken === photo_taken) return
    this.notes = { photo_spot, photo_taken }
    await this.choosing
    if (this.hasChosen && !this.place.isByGps) return
    const answer = await this.#refresh("add-photo", ["place"], this.notes)
    const asked = answer && this.querySelector(".place-card:is(.offer, .doubt) p")
    if (asked) this.#announce(asked.textContent)
  }

  /** The preview shows the first photo as well: it is public once somebody has looked at it. */
  #picture() {
    const frame = this.querySelector("[data-preview-picture]")
    frame?.querySelector("img")?.remove()
    const source = this.pictures?.[0]
    if (source) frame?.append(Object.assign(new Image(), { src: source, alt: "" }))
    const strip = this.querySelector("[data-photo-strip]")
    strip.replaceChildren(
      ...(this.pictures ?? []).map((src) => Object.assign(new Image(40, 40), { src, alt: "" })),
    )
  }

  /** Ask for parts of the page anew; the newest question of a kind wins. */
  async #refresh(action, parts, more = {}) {
    this.#running.get(action)?.abort()
    const stop = new AbortController()
    this.#running.set(action, stop)
    const asked = this.#changes
    try {
      const answer = await ask(this.form, { action, parts, more, signal: stop.signal })
      // What was ticked meanwhile is unknown to this answer, which would take it back.
      const isLate = asked !== this.#changes && parts.some((part) => CHOSEN.includes(part))
      if (isLate) return this.#refresh(action, parts, more)
      this.#patch(answer.html)
      this.#lost(false)
      return answer
    } catch (error) {
      if (error.name === "AbortError") return null
      this.#lost(true)
      return this.#standIn(parts, more)
    }
  }

  /** Without the server: what can be said here, or null. */
  async #standIn(parts, more) {
    await this.later.catch(() => {})
    const html = await this.keeper?.standIn.answer(this.form, { parts, more })
    if (html) this.#patch(html)
    return html && { html }
  }

  /** A draft has come back into the form: everything that hangs on it, and the step it was left at. */
  async resume(step) {
    await this.#refresh("resume", ALL)
    if (this.steps.includes(step)) this.#show(step)
  }

  // ── Sending ──────────────────────────────────────────────────────────────────────────────
  async #send() {
    if (this.isSending) return
    this.isSending = true
    this.#busy(true)
    // What an older question still brings home must not wipe away how the sending went.
    for (const stop of this.#running.values()) stop.abort()
    try {
      await this.later.catch(() => {})
      const outcome = this.keeper ? await this.keeper.handIn() : { isRefused: true }
      const answer = outcome.isRefused ? await this.#refused(outcome) : outcome
      if (answer.goal) {
        location.assign(answer.goal)
        return
      }
      if (answer.html) this.#patch(answer.html)
      this.#toProblems()
    } catch {
      this.#lost(true)
    }
    this.isSending = false
    this.#busy(false)
  }

  /** "Ja, das ist es": no report of one's own, but a voice and a photo for the one that is there. */
  async #same(code) {
    if (this.isSending) return
    this.isSending = true
    this.#busy(true)
    for (const stop of this.#running.values()) stop.abort()
    try {
      const uploads = await this.photos.settled()
      const more = { same: code }
      const answer = await ask(this.form, { action: "same", parts: ALL, more, uploads, timeout: 60_000 })
      if (answer.goal) {
        await this.keeper?.drop()
        location.assign(answer.goal)
        return
      }
      this.#patch(answer.html)
      this.#toProblems()
    } catch {
      this.#lost(true)
    }
    this.isSending = false
    this.#busy(false)
  }

  /** The server says each sentence beside its field, if it has not been said here. */
  async #refused({ html }) {
    if (html) return { html }
    const uploads = await this.photos.settled()
    return ask(this.form, { action: "send", parts: ALL, uploads, timeout: 120_000 })
  }

  #busy(isBusy) {
    for (const button of this.querySelectorAll("[data-step-next], [value=send], [name=same]")) {
      button.setAttribute("aria-busy", String(isBusy))
    }
  }

  #lost(isLost) {
    this.keeper?.network(!isLost)
  }

  // ── Problems ─────────────────────────────────────────────────────────────────────────────
  #toProblems() {
    const summary = this.querySelector("[data-error-summary]")
    if (!summary) return
    document.title = this.dataset.errorPrefix + this.title
    const first = summary.querySelector("a")
    const step = first && this.querySelector(first.hash)?.closest("[data-step]")?.dataset.step
    if (step && step !== this.step) this.#go(step)
    scrollTo(0, 0)
    summary.focus()
  }

  #toField(event, link) {
    const field = this.querySelector(link.hash)
    if (!field) return
    event.preventDefault()
    const { step } = field.closest("[data-step]").dataset
    if (step !== this.step) this.#show(step)
    field.closest("details")?.setAttribute("open", "")
    field.focus()
    field.closest(".field, fieldset")?.scrollIntoView({ block: "center" })
  }

  #patch(html) {
    const parts = patch(this, html)
    if (!this.querySelector("[data-error-summary]")) document.title = this.title
    if (parts.some((part) => part.id === "part-categories")) {
      this.querySelector("category-list").filter?.()
    }
    const known = parts.find((part) => part.id === "part-duplicates")
    if (known?.dataset.say) this.#announce(known.dataset.say)
    this.#picture()
    this.#count()
  }

  #count() {
    for (const line of this.querySelectorAll("[data-count-of]")) {
      const field = this.querySelector(`#${line.dataset.countOf}`)
      const left = Number(field.dataset.most) - field.value.length
      line.hidden = left > 200
      line.textContent = (left < 0 ? line.dataset.over : line.dataset.left).replace("{n}", Math.abs(left))
      line.classList.toggle("error", left < 0)
    }
  }

  #announce(text) {
    this.querySelector("[data-announce]").textContent = text.replace(/\s+/g, " ").trim().slice(0, 160)
  }
}

customElements.define("report-form", ReportForm)
