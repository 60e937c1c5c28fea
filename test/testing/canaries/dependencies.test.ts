import { dependencyCanaries } from './dependencies.ts'
import { foundUnlessMended } from './found-unless-mended.ts'

foundUnlessMended(dependencyCanaries, 8)
