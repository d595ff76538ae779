// <place-finder>: the place by GPS (only when asked), by address, or by a map with a crosshair.
//
// It says what was found by "place:chosen" ({ spot: "lon,lat", accuracy }) and what was typed by
// "place:search"; the form asks the server and puts the answer here.

const GOOD_ENOUGH_M = 50
const REST_MS = 350
const MAP = "#js/report/pin-picker.js" // loaded when the map is opened, not before

class PlaceFinder extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("#place")
    this.state = this.querySelector("[data-place-state]")
    this.addEventListener("click", (event) => this.#pressed(event))
    this.addEventListener("keydown", (event) => this.#key(event))
    this.field.addEventListener("input", () => this.#typed())
    this.#settled()
    this.addEventListener("pin:taken", (event) => this.#choose(event.detail.at, ""))
  }

  get spot() {
    return this.querySelector("[data-place-card]")?.dataset.spot ?? ""
  }

  /** Without asking: only where the visitor has allowed it before. */
  async locateIfAllowed() {
    if (this.spot || !navigator.permissions) return
    const permission = await navigator.permissions.query({ name: "geolocation" }).catch(() => null)
    if (permission?.state === "granted" && !this.spot) this.#locate()
  }

  /** The server's answer about a chosen place has arrived. */
  settle() {
    this.state.textContent = ""
    const card = this.#settled()
    if (!card) return
    this.field.value = ""
    this.#closeMap()
    card.querySelector("[tabindex]")?.focus({ preventScroll: true })
  }

  /** The card of a chosen place that is served here: with it the ways to find one step back. */
  #settled() {
    const card = this.querySelector("[data-place-card]:not(.elsewhere)")
    this.toggleAttribute("data-has-place", Boolean(card))
    return card
  }

  #pressed(event) {
    if (event.target.closest("[data-locate]")) this.#locate()
    else if (event.target.closest("[data-open-map]")) this.#toggleMap()
    else if (event.target.closest("[data-place-yes]")) this.#confirm()
    else if (event.target.closest("[data-place-change]")) this.#change()
    else if (event.target.closest("[data-take-offer]")) this.#takeOffer(event)
    else if (event.detail > 0 && event.target.matches("#part-hits input")) {
      this.#choose(event.target.value.split(",").map(Number), "")
    }
  }

  #key(event) {
    if (event.key !== "Enter") return
    if (event.target === this.field) {
      event.preventDefault()
      this.#search()
    } else if (event.target.matches("#part-hits input:checked")) {
      event.preventDefault()
      this.#choose(event.target.value.split(",").map(Number), "")
    }
  }

  #typed() {
    clearTimeout(this.timer)
    if (this.field.value.trim().length < 3) return
    this.timer = setTimeout(() => this.#search(), REST_MS)
  }

  #search() {
    clearTimeout(this.timer)
    if (this.field.value.trim()) this.#tell("place:search", {})
  }

  #locate() {
    if (!navigator.geolocation) {
      this.state.textContent = this.dataset.wordsUnknown
      return
    }
    this.state.textContent = this.dataset.wordsSearching
    this.setAttribute("aria-busy", "true")
    navigator.geolocation.getCurrentPosition(
      (found) => this.#located(found.coords),
      (problem) => this.#notLocated(problem),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 20_000 },
    )
  }

  #located({ longitude, latitude, accuracy }) {
    this.removeAttribute("aria-busy")
    const at = [longitude, latitude]
    if (accuracy <= GOOD_ENOUGH_M) {
      this.#choose(at, Math.max(1, Math.round(accuracy)))
      return
    }
    this.state.textContent = this.dataset.wordsRough.replace("{n}", Math.round(accuracy / 10) * 10)
    this.#openMap({ at, zoom: accuracy > 500 ? 14 : 16 })
  }

  #notLocated(problem) {
    this.removeAttribute("aria-busy")
    const isDenied = problem.code === problem.PERMISSION_DENIED
    this.state.textContent = isDenied ? this.dataset.wordsDenied : this.dataset.wordsUnknown
    this.field.focus()
  }

  #confirm() {
    this.querySelector("[data-place-card]").toggleAttribute("data-confirmed", true)
    this.#tell("place:confirmed", {})
  }

  /** Where the photo was taken. */
  #takeOffer(event) {
    event.preventDefault()
    this.#choose(event.target.closest("[data-take-offer]").value.split(",").map(Number), "")
  }

  #change() {
    this.removeAttribute("data-has-place")
    this.field.focus()
  }

  #choose(at, accuracy) {
    const [lon, lat] = at
    this.#tell("place:chosen", { spot: `${lon.toFixed(6)},${lat.toFixed(6)}`, accuracy })
  }

  #toggleMap() {
    if (this.#map.hidden) this.#openMap({ at: this.spot ? this.spot.split(",").map(Number) : null })
    else this.#closeMap()
  }

  async #openMap(view) {
    this.#map.hidden = false
    this.querySelector("[data-open-map]").setAttribute("aria-expanded", "true")
    try {
      await import(MAP)
      await customElements.whenDefined("pin-picker")
      await this.#map.querySelector("pin-picker").open(view)
    } catch {
      this.#closeMap()
      this.state.textContent = this.dataset.wordsNoMap
    }
  }

  #closeMap() {
    this.#map.hidden = true
    this.querySelector("[data-open-map]").setAttribute("aria-expanded", "false")
  }

  get #map() {
    return this.querySelector("[data-pin-map]")
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }))
  }
}

customElements.define("place-finder", PlaceFinder)
