// What readers did is kept in their own browser, under the site's lasting name: sites that share a host never meet.

// name returns the name under which the browser keeps something of this site.
export const name = (item) => `waymark:${document.documentElement.dataset.site}:${item}`;
