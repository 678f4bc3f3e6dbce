// name returns the name under which a browser keeps something of this site: sites that share a host never meet.
export const name = (item) => `waymark:${document.documentElement.dataset.site}:${item}`;
