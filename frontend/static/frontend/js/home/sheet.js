// On a phone the list is a sheet over the map: it follows the finger, for it is the page that
// scrolls. This tells the map how much of it the sheet covers, and brings the list up by a button.

export class Sheet {
  #page
  #list

  constructor(page, list) {
    this.#page = page
    this.#list = list
  }

  start() {
    const button = this.#page.querySelector(".sheet-grip")
    button?.addEventListener("click", () => {
      const isUp = this.#list.getBoundingClientRect().top < innerHeight / 2
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
      const behavior = calm ? "instant" : "smooth"
      if (isUp) scrollTo({ top: 0, behavior })
      else this.#list.scrollIntoView({ behavior, block: "start" })
    })
  }
}
