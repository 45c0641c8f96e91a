/** How the book is indexed and searched; the page that searches and the build that indexes must agree. */
export const searchOptions = {
  fields: ["heading", "title", "body"],
  storeFields: ["heading", "title", "url", "text"],
  searchOptions: {
    boost: { heading: 4, title: 2 },
    prefix: true,
    fuzzy: (term: string) => (term.length > 4 ? 0.2 : false),
    combineWith: "AND",
  },
};
