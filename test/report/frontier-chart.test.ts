import { describe, expect, it } from 'vitest'
import { frontierChart } from '../../src/report/charts/frontier-chart.ts'

/** The labels of designs by their cost and rate. */
function labelsOf(...points: readonly (readonly [design: string, cost: number, rate: number])[]): readonly unknown[] {
  const chart = frontierChart({
    guarantee: 'no-loss/effect',
    cost: 'packets a message',
    points: points.map(([design, cost, rate]) => ({ design, cost, rate, onFrontier: false })),
  })
  const text = JSON.stringify(chart.spec)
  return [...text.matchAll(/"label":"([^"]*)"/g)].map(([, label]) => label)
}

describe('the labels of designs by cost and rate', () => {
  it('are the names, where these have room', () => {
    expect(labelsOf(['acks=1', 1, 0.5], ['acks=all', 5, 0.5], ['acks=0', 1.1, 0.9])).toEqual([
      'acks=1',
      'acks=all',
      'acks=0',
    ])
  })

  it('are one where names would stand over each other, with how many others are there', () => {
    expect(labelsOf(['members=1', 3, 1], ['members=2', 3.02, 1], ['members=3', 3.04, 0.97], ['b', 9, 1])).toEqual([
      'members=1 and 2 more',
      '',
      '',
      'b',
    ])
  })

  it('keep the end of a long name, which tells it from others', () => {
    expect(labelsOf(['kafka/consumer-process-first members=12', 3, 1])).toEqual(['kafka/consumer-…s-first members=12'])
  })
})
