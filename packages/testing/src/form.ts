/**
 * Whether this run is the long form of the tests (`npm run test:full` sets TEST_FORM=full): each database instead of one, and more of
 * the same cases. `npm cit` leaves out no kind of them.
 */
export const LONG_FORM = process.env.TEST_FORM === 'full';
