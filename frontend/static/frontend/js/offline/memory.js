// A shelf that lasts as long as its page: for a device that can't, or won't, keep anything.

export class Memory {
  #reports = new Map()
  #photos = new Map()

  async all() {
    return [...this.#reports.values()]
  }

  async get(id) {
    return this.#reports.get(id) ?? null
  }

  /** Write down the whole report, and the photos of it that come along: id → Blob. */
  async put(report, photos = new Map()) {
    this.#reports.set(report.id, report)
    for (const [id, blob] of photos) this.#photos.set(id, { report: report.id, blob })
  }

  /** Change what `changes` makes of the report as it is; nothing where it is gone. */
  async change(id, changes) {
    const report = this.#reports.get(id)
    if (report) this.#reports.set(id, { ...report, ...changes(report) })
  }

  async photo(id) {
    return this.#photos.get(id)?.blob ?? null
  }

  /** The photos go, and of the report only what lists need stays. */
  async clear(id, changes) {
    const report = this.#reports.get(id)
    if (report) this.#reports.set(id, { ...report, fields: [], photos: [], ...changes })
    this.#dropPhotos(id)
  }

  async remove(id) {
    this.#reports.delete(id)
    this.#dropPhotos(id)
  }

  #dropPhotos(id) {
    for (const [photo, { report }] of this.#photos) if (report === id) this.#photos.delete(photo)
  }
}
