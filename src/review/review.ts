import { openReviewData, type ReviewOptions } from './record/review-data.js';
import { type ReviewServer, type ServeOptions, serveReview } from './server/serve.js';

export { type ExportReviewOptions, exportReview } from './export-review.js';
export type { ReviewOptions, ReviewServer, ServeOptions };

/**
 * Serves a page that shows one run, or two side by side, until it is disposed of.
 *
 * @param version  of sigbox
 * @throws SigboxError E_IO  no run, one that can't be read, or an address that can't be listened on. E_ARGUMENT  a ground
 *   truth without any image of a run
 */
export async function openReview(version: string, options: ReviewOptions & ServeOptions): Promise<ReviewServer> {
  const data = await openReviewData(version, options);
  try {
    const server = await serveReview(data, options);
    return {
      url: server.url,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await data[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await data[Symbol.asyncDispose]();
    throw error;
  }
}
