import { databaseCanaries } from './database.ts'
import { foundUnlessMended } from './found-unless-mended.ts'

foundUnlessMended(databaseCanaries, 15)
