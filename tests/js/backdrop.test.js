import assert from "node:assert/strict"
import test from "node:test"

import { isNear, Luck } from "#js/map/backdrop.js"

const BENSHEIM = [[8.55, 49.65, 8.7, 49.73]]

test("the browser asks for the tiles that the server has, and no others", () => {
  // The same tiles as in tests/geo/test_tiles.py.
  assert.ok(isNear({ z: 12, x: 2146, y: 1392 }, BENSHEIM))
  assert.ok(isNear({ z: 12, x: 2150, y: 1392 }, BENSHEIM))
  assert.ok(!isNear({ z: 12, x: 2154, y: 1392 }, BENSHEIM))
  assert.ok(isNear({ z: 16, x: 34335, y: 22310 }, BENSHEIM))
  assert.ok(!isNear({ z: 16, x: 34400, y: 22310 }, BENSHEIM))
  assert.ok(!isNear({ z: 12, x: 2146, y: 1392 }, []))
})

test("six tiles in a row that don't come are enough", () => {
  const luck = new Luck()
  const run = (n) => Array.from({ length: n }, () => luck.failed())
  assert.ok(!run(5).includes(true))
  luck.came()
  assert.deepEqual(run(6), [false, false, false, false, false, true])
})
