// Which reports are selected: boxes in the rows, one for each heap, and the bar that works on them.
// Only what stands in the list can be selected, so nobody works on what they don't see.

/** Event: "changed" ({detail: Set of codes}). */
export class Selection extends EventTarget {
  #section
  #words
  #last = null
  #isOffered

  /** `section`: the list's, whose rows come and go; `words`: how the count is said. */
  constructor(section, words) {
    super()
    this.#section = section
    this.#words = words
    this.#isOffered = Boolean(section.querySelector("[data-chosen] [data-count]")) // readers tick nothing
    if (this.#isOffered) section.querySelector(".desk-table").ariaMultiSelectable = "true" // a grid of the staff desk's script
    section.addEventListener("change", ({ target }) => this.#ticked(target))
    section.addEventListener("click", (event) => this.#clicked(event))
    this.settle()
  }

  get boxes() {
    return [...this.#section.querySelectorAll("tr[data-code] input[name=codes]")]
  }

  get codes() {
    return new Set(this.boxes.filter(({ checked }) => checked).map(({ value }) => value))
  }

  /** Tick these, besides what is ticked. How many of them there are. */
  add(codes) {
    const wanted = new Set(codes)
    const found = this.boxes.filter(({ value }) => wanted.has(value))
    for (const box of found) box.checked = true
    this.settle()
    return found.length
  }

  /** After rows were exchanged: what was ticked stays so, as far as it is still there. */
  settle(codes = null) {
    if (codes) for (const box of this.boxes) box.checked = codes.has(box.value)
    const chosen = this.codes
    for (const box of this.boxes) {
      const row = box.closest("tr")
      row.toggleAttribute("data-picked", box.checked)
      row.ariaSelected = String(box.checked)
    }
    for (const heap of this.#section.querySelectorAll("[data-pick-heap]")) this.#sum(heap)
    this.#tell(chosen.size)
    this.dispatchEvent(new CustomEvent("changed", { detail: chosen }))
  }

  #ticked(box) {
    if (box.matches("[data-pick-heap]")) {
      for (const one of heapOf(box)) one.checked = box.checked
    } else if (box.name !== "codes") return
    this.settle()
  }

  #clicked(event) {
    const { target } = event
    if (target.name === "codes") this.#stretch(event)
    else if (target.closest("[data-pick-all]")) this.settle(new Set(this.boxes.map(({ value }) => value)))
    else if (target.closest("[data-pick-none]")) this.settle(new Set())
  }

  /** With Shift: everything from the box that was ticked before. */
  #stretch({ target, shiftKey }) {
    const { boxes } = this
    const [from, to] = [boxes.indexOf(this.#last), boxes.indexOf(target)].sort((one, other) => one - other)
    if (shiftKey && from >= 0) for (const box of boxes.slice(from, to + 1)) box.checked = target.checked
    this.#last = target
  }

  #sum(heap) {
    const boxes = heapOf(heap)
    const ticked = boxes.filter(({ checked }) => checked).length
    heap.checked = ticked > 0 && ticked === boxes.length
    heap.indeterminate = ticked > 0 && ticked < boxes.length
  }

  #tell(n) {
    const bar = this.#section.querySelector("[data-chosen]")
    if (!bar || !this.#isOffered) return
    bar.toggleAttribute("data-some", n > 0)
    const { chosen_none: none, chosen_one: one, chosen_many: many } = this.#words
    bar.querySelector("[data-count]").textContent = n === 0 ? none : n === 1 ? one : many.replace("{n}", n)
  }
}

const heapOf = (box) => [...box.closest("tbody").querySelectorAll("input[name=codes]")]
