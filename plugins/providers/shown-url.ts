/** An address without the name and password that it may hold, be it well formed or not. */
export const shownUrl = (url: string) => url.replace(/\/\/.*@/s, '//***@')
