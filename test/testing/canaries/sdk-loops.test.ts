import { foundUnlessMended } from './found-unless-mended.ts'
import { sdkLoopCanaries } from './sdk-loops.ts'

foundUnlessMended(sdkLoopCanaries, 25)
