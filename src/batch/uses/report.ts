import { z } from 'zod';

/** The options of the built-in step `report`. */
export const reportOptions = z.strictObject({
  title: z.string().min(1).optional().describe("Its heading; the item's title when left out."),
});
