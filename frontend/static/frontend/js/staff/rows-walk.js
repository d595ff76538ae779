// Walking through the list's rows: one of them is a stop for Tab, arrows and keys go on from there.

/** The rows of the desk's list, whatever piece of the page stands there. The link in a row's head carries its focus. */
export class RowsWalk {
  #desk
  #last = "" // the code of the row that had the focus last

  constructor(desk) {
    this.#desk = desk
    desk.addEventListener("focusin", ({ target }) => this.#remember(target))
    desk.addEventListener("keydown", (event) => this.#arrow(event))
    new MutationObserver(() => this.#rove()).observe(desk, { childList: true, subtree: true })
    this.#rove()
  }

  get rows() {
    return [...this.#desk.querySelectorAll(".desk-table tr[data-code]")]
  }

  row(code) {
    return this.rows.find((row) => row.dataset.code === code)
  }

  /** Where the focus is, or was; the open report's; none of them: null. */
  get current() {
    const focused = document.activeElement?.closest?.("tr[data-code]")
    return focused ?? this.row(this.#last) ?? this.rows.find((row) => row.hasAttribute("aria-current")) ?? null
  }

  get hasFocus() {
    return Boolean(document.activeElement?.closest?.("tr[data-code]"))
  }

  /** One further (1) or back (-1), or to the first. */
  step(way) {
    const { rows, current } = this
    const next = current ? rows[rows.indexOf(current) + way] : rows[0]
    if (next) this.focus(next)
    return next ?? null
  }

  focus(row) {
    head(row)?.focus()
    row?.scrollIntoView({ block: "nearest" })
  }

  /** What comes after this row, or before it where it is the last. */
  after(row) {
    const { rows } = this
    const at = rows.indexOf(row)
    return rows[at + 1] ?? rows[at - 1] ?? null
  }

  box(row) {
    return row?.querySelector("input[type=checkbox]") ?? null
  }

  #remember(target) {
    const row = target.closest("tr[data-code]")
    if (!row) return
    this.#last = row.dataset.code
    this.#rove()
  }

  #rove() {
    const { rows } = this
    const stop = this.row(this.#last) ?? rows.find((row) => row.hasAttribute("aria-current")) ?? rows[0]
    for (const row of rows) head(row).tabIndex = row === stop ? 0 : -1
  }

  #arrow(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    if (event.target !== head(event.target.closest("tr[data-code]"))) return
    const { rows } = this
    const steps = { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), Home: () => this.focus(rows[0]), End: () => this.focus(rows.at(-1)) }
    if (!steps[event.key]) return
    event.preventDefault()
    steps[event.key]()
  }
}

const head = (row) => row?.querySelector("th a") ?? null
