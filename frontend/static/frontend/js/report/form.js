// <report-form>: lays comfort over the plain form. Every answer comes from the server as the same
// fragment that the page without scripts would show.

import "#js/report/categories.js"
import "#js/report/photos.js"
import "#js/report/place.js"
import { ask, patch } from "#js/report/exchange.js"
import { nextOf, stepOf, stepText } from "#js/report/steps.js"

const NARROW = matchMedia("(width < 48rem)")
const ALL = ["errors", "hazard", "place", "hits", "categories", "questions", "text", "contact", "preview"]
const PARTS_OF = {
  foto: ["errors", "preview"],
  ort: ["errors", "place", "preview"],
  was: ["errors", "categories", "questions", "text", "preview"],
  kontakt: ["errors", "contact", "preview"],
}
const CHOSEN = ["categories", "questions"]
const CHECK_MS = 4000

class ReportForm extends HTMLElement {
  #running = new Map()
  #changes = 0

  connectedCallback() {
    this.form = this.querySelector("form")
    this.sections = [...this.querySelectorAll("[data-step]")]
    this.steps = this.sections.map((section) => section.dataset.step)
    this.photos = this.querySelector("photo-picker")
    this.place = this.querySelector("place-finder")
    this.title = document.title.replace(this.dataset.errorPrefix, "")
    for (const element of this.querySelectorAll("[data-js]")) element.hidden = false
    for (const element of this.querySelectorAll("[data-no-js]")) element.hidden = true
    this.#listen()
    this.#count()
    this.step = this.#firstStep()
    this.#arrange()
    if (this.querySelector("[data-error-summary]")) this.#toProblems()
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.onPop)
    NARROW.removeEventListener("change", this.onWidth)
  }

  #listen() {
    this.form.addEventListener("submit", (event) => this.#submitted(event))
    this.addEventListener("click", (event) => this.#pressed(event))
    this.addEventListener("change", (event) => this.#changed(event))
    this.addEventListener("input", () => this.#count())
    this.addEventListener("place:search", () => this.#search())
    this.addEventListener("place:chosen", (event) => this.#chosen(event.detail))
    this.addEventListener("place:confirmed", () => this.#onward("ort"))
    this.addEventListener("photos:changed", (event) => this.#photographed(event.detail))
    this.onPop = () => this.#show(stepOf(location.hash, this.steps), { moves: true })
    this.onWidth = () => this.#arrange()
    addEventListener("popstate", this.onPop)
    NARROW.addEventListener("change", this.onWidth)
  }

  // ── Steps ────────────────────────────────────────────────────────────────────────────────
  #firstStep() {
    const wished = stepOf(location.hash, this.steps)
    const isBegun = this.place.spot || this.photos.count || this.form.description.value
    return isBegun ? wished : this.steps[0]
  }

  /** One step at a time on a narrow screen, all of them on a wide one. */
  #arrange() {
    this.toggleAttribute("data-stepwise", NARROW.matches)
    this.querySelector("[data-progress]").hidden = !NARROW.matches
    this.#show(this.step)
  }

  #show(step, { moves = false } = {}) {
    this.step = step
    const isLast = nextOf(step, this.steps) === null
    for (const section of this.sections) {
      section.hidden = NARROW.matches && section.dataset.step !== step
    }
    for (const part of this.querySelectorAll("[data-with-step]")) {
      part.hidden = NARROW.matches && part.dataset.withStep !== step
    }
    this.querySelector("[data-next-bar]").hidden = !NARROW.matches || isLast
    const isLater = NARROW.matches && step !== this.steps[0]
    this.querySelector("[data-first-only]").hidden = isLater
    this.querySelector("h1").classList.toggle("visually-hidden", isLater)
    this.#progress(step)
    if (!NARROW.matches) return
    if (step === "ort") this.place.locateIfAllowed()
    if (isLast) this.#refresh("preview", ["preview"])
    if (!moves) return
    scrollTo(0, 0)
    this.#section(step).querySelector("h2").focus({ preventScroll: true })
  }

  #progress(step) {
    const text = this.querySelector("[data-step-text]")
    text.textContent = stepText(text.dataset.pattern, step, this.steps)
    const bar = this.querySelector("[data-step-bar]")
    bar.max = this.steps.length
    bar.value = this.steps.indexOf(step) + 1
    const next = this.querySelector("[data-next-text]")
    const skips = step === "foto" && this.photos.count === 0
    next.textContent = skips ? next.dataset.skip : next.dataset.go
    this.querySelector("[data-step-next]").classList.toggle("secondary", skips)
  }

  /** On to the step after `step`; on a wide screen just to its heading. */
  #onward(step) {
    const next = nextOf(step, this.steps)
    if (!next) return
    if (NARROW.matches) {
      history.pushState({ step: next }, "", `#${next}`)
      this.#show(next, { moves: true })
    } else {
      const heading = this.#section(next).querySelector("h2")
      heading.focus({ preventScroll: true })
      heading.scrollIntoView({ block: "center", behavior: "smooth" })
    }
  }

  #section(step) {
    return this.sections.find((section) => section.dataset.step === step)
  }

  /** "Weiter": the server looks over this step. Without a network the next one comes anyway. */
  async #next() {
    const step = this.step
    this.#busy(true)
    try {
      const answer = await ask(this.form, {
        action: "check",
        parts: PARTS_OF[step],
        more: { step },
        timeout: CHECK_MS,
      })
      this.#patch(answer.html)
      if (answer.status === 422) this.#toProblems()
      else this.#onward(step)
    } catch {
      this.#onward(step)
    } finally {
      this.#busy(false)
    }
  }

  // ── What happens ─────────────────────────────────────────────────────────────────────────
  #submitted(event) {
    event.preventDefault()
    const action = event.submitter?.value
    if (action === "send") this.#send()
    else if (action === "find-place") this.#search()
    else if (NARROW.matches && nextOf(this.step, this.steps)) this.#next()
  }

  #pressed(event) {
    if (event.target.closest("[data-step-next]")) this.#next()
    if (event.target.closest("[data-step-back]")) this.#back()
    const link = event.target.closest("[data-error-summary] a")
    if (link) this.#toField(event, link)
  }

  #back() {
    const before = this.steps[this.steps.indexOf(this.step) - 1]
    if (!before) history.back()
    else if (history.state?.step === this.step) history.back()
    else {
      history.replaceState(null, "", `#${before}`)
      this.#show(before, { moves: true })
    }
  }

  #changed(event) {
    this.#changes += 1
    const { name } = event.target
    if (name === "category") this.#refresh("choose-category", ["questions", "preview"])
    else if (name?.startsWith("answer.")) this.#refresh("choose-category", ["questions", "preview"])
    else if (["private", "email"].includes(name)) this.#refresh("preview", ["preview"])
  }

  async #search() {
    const answer = await this.#refresh("find-place", ["hits"])
    if (answer) this.#announce(this.querySelector("#part-hits").textContent)
  }

  async #chosen({ spot, accuracy }) {
    this.hasChosen = true
    this.#running.get("add-photo")?.abort()
    const answer = await this.#refresh(
      "preview",
      ["hazard", "place", "hits", "categories", "questions", "preview"],
      { spot, accuracy, place: "" },
    )
    if (answer) this.place.settle()
  }

  #photographed({ count, isNew, pictures, position }) {
    if (position) this.#offer(position.map((degrees) => degrees.toFixed(6)).join(","))
    this.toggleAttribute("data-has-photos", count > 0)
    this.pictures = pictures
    this.#picture()
    this.#progress(this.step)
    if (isNew && NARROW.matches && this.step === "foto") this.#onward("foto")
  }

  /** While there is no place yet: the one where the photo was taken, if the server serves it. */
  async #offer(spot) {
    if (this.place.spot || this.hasChosen || this.offered === spot) return
    this.offered = spot
    const answer = await this.#refresh("add-photo", ["place"], { photo_spot: spot })
    const offer = answer && this.querySelector("[data-place-offer] p")
    if (offer) this.#announce(offer.textContent)
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
      if (error.name !== "AbortError") this.#lost(true)
      return null
    }
  }

  // ── Sending ──────────────────────────────────────────────────────────────────────────────
  async #send() {
    if (this.isSending) return
    this.isSending = true
    this.#busy(true)
    // What an older question still brings home must not wipe away how the sending went.
    for (const stop of this.#running.values()) stop.abort()
    try {
      const uploads = await this.photos.settled()
      const answer = await ask(this.form, { action: "send", parts: ALL, uploads, timeout: 120_000 })
      if (answer.status === 201) {
        location.assign(answer.goal)
        return
      }
      this.#patch(answer.html)
      this.#lost(false)
      this.#toProblems()
    } catch {
      this.#lost(true)
    }
    this.isSending = false
    this.#busy(false)
  }

  #busy(isBusy) {
    for (const button of this.querySelectorAll("[data-step-next], [value=send]")) {
      button.setAttribute("aria-busy", String(isBusy))
    }
  }

  #lost(isLost) {
    for (const line of this.querySelectorAll("[data-lost-line]")) {
      line.hidden = !isLost
      line.lastElementChild.textContent = isLost ? this.dataset.lost : ""
    }
  }

  // ── Problems ─────────────────────────────────────────────────────────────────────────────
  #toProblems() {
    const summary = this.querySelector("[data-error-summary]")
    if (!summary) return
    document.title = this.dataset.errorPrefix + this.title
    const first = summary.querySelector("a")
    const section = first && this.querySelector(first.hash)?.closest("[data-step]")
    if (NARROW.matches && section && section.hidden) {
      history.pushState({ step: section.dataset.step }, "", `#${section.dataset.step}`)
      this.#show(section.dataset.step)
    }
    scrollTo(0, 0)
    summary.focus()
  }

  #toField(event, link) {
    const field = this.querySelector(link.hash)
    if (!field) return
    event.preventDefault()
    const section = field.closest("[data-step]")
    if (NARROW.matches && section.hidden) this.#show(section.dataset.step)
    field.closest("details")?.setAttribute("open", "")
    field.focus()
    field.closest(".field, fieldset")?.scrollIntoView({ block: "center" })
  }

  #patch(html) {
    const parts = patch(this, html)
    if (!this.querySelector("[data-error-summary]")) document.title = this.title
    if (parts.some((part) => part.id === "part-categories")) {
      this.querySelector("category-list").filter()
    }
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
