import { describe, expect, it } from 'vitest'
import { Arrivals } from '../../src/checks/arrivals.ts'

const [bill, parcel] = [1, 2]

describe('the order of first arrivals', () => {
  it('knows an operation that came again by its first time', () => {
    const arrivals = new Arrivals()
    for (const [index, operation] of [bill, parcel, bill].entries()) arrivals.see(operation, index)
    expect([...arrivals.inOrder()]).toEqual([bill, parcel])
    expect([arrivals.times(bill), arrivals.first(bill)]).toEqual([2, 0])
  })

  it('goes by what is still there when the first of several is lost', () => {
    const arrivals = new Arrivals()
    for (const [index, operation] of [bill, parcel, bill].entries()) arrivals.see(operation, index)
    arrivals.undo(bill, (index) => index === 0)
    expect([...arrivals.inOrder()]).toEqual([parcel, bill])
    expect([arrivals.times(bill), arrivals.first(bill)]).toEqual([1, 2])
  })

  it('forgets what is lost altogether, and takes what comes later for the first', () => {
    const arrivals = new Arrivals()
    arrivals.see(bill, 0)
    arrivals.undo(bill, () => true)
    expect([...arrivals.inOrder()]).toEqual([])
    arrivals.see(parcel, 1)
    arrivals.see(bill, 2)
    expect([...arrivals.inOrder()]).toEqual([parcel, bill])
  })

  it('forgets each of the operations that one lost effect had shown', () => {
    const arrivals = new Arrivals()
    for (const operation of [bill, parcel]) arrivals.see(operation, 0)
    for (const operation of [bill, parcel]) arrivals.undo(operation, () => true)
    expect([...arrivals.inOrder()]).toEqual([])
    expect([arrivals.times(bill), arrivals.times(parcel)]).toEqual([0, 0])
  })

  it('undoes nothing that it did not see', () => {
    const arrivals = new Arrivals()
    arrivals.see(bill, 0)
    arrivals.undo(bill, () => false)
    arrivals.undo(parcel, () => true)
    expect(arrivals.times(bill)).toBe(1)
  })
})
