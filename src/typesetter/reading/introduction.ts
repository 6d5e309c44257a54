/** How a request begins before it says what it is about: that part is not lettered. */
const INTRODUCTIONS: readonly RegExp[] = [
  /^(?:please\s+)?(?:(?:can you\s+)?(?:make|create|design|draw|print|(?:i|we)\s+(?:want|need|would like))\s+(?:me\s+|us\s+)?)?(?:an?\s+|the\s+|our\s+|some\s+)?(?:[\p{L}-]+\s+){0,2}?(?:posters?|flye?rs?|leaflets?|banners?|placards?|pictures?|images?|graphics?|announcements?|invitations?)\s+(?:for|about|of|on|announcing|advertising|saying|that says|which says|inviting to|to announce)\s+(?:(?:our|the|an?|my|your|this|next)\s+)?/iu,
  /^(?:bitte\s+)?(?:mach\p{L}*\s+(?:mir\s+|uns\s+)?)?(?:ein(?:en?)?\s+)?(?:plakat|poster|flyer|flugblatt|banner|bild|einladung)\s+(?:für|über|zum|zur|zu|von|mit dem titel)\s+(?:(?:unser\p{L}*|de[nrms]|die|das|ein\p{L}*)\s+)?/iu,
  /^(?:(?:haz|hazme|crea|faça|crie)\s+)?(?:(?:un|una|um|uma|el|la|o|nuestro|nosso)\s+)?(?:cartel|póster|poster|pôster|afiche|volante|pancarta|cartaz|panfleto|imagen|imagem)\s+(?:para|sobre|del|de|do|da)\s+(?:(?:nuestr[oa]s?|noss[oa]s?|el|la|los|las|una?|o|a|os|as|uma?)\s+)?/iu,
  /^(?:(?:fais|faites|crée|créez)\s+(?:moi\s+|nous\s+)?)?(?:(?:une?|la|notre)\s+|l['’])?(?:affiche|tract|banderole|pancarte|image|poster)\s+(?:pour|sur|de la|du|des|de|annonçant)\s+(?:(?:notre|nos|le|la|les|une?)\s+|l['’])?/iu,
  /^(?:сделай\p{L}*\s+|зроби\p{L}*\s+)?(?:плакат|постер|афиш[ау]|листовк[ау]|листівк[ау]|афіш[ау]|картинк[ау])\s+(?:для|об|о|про|на|к|до)\s+(?:наш\p{L}*\s+)?/iu,
  /^(?:ملصق|لافتة|منشور|صورة)\s+(?:عن|حول|من أجل|بمناسبة|ل|لـ)\s*/u,
];
/** The poster is named after what it is about. */
const FRAMES: readonly RegExp[] = [
  /^(?:请|請)?(?:为|為|给|給|帮|幫)?(?:我们的?|我們的?)?(.+?)(?:制作|製作|做|画|畫|设计|設計)(?:一张|一張|一个|一個)?(?:海报|海報)$/u,
  /^(?:一张|一張)?(?:关于|關於|为|為)?(.+?)(?:的)(?:海报|海報)$/u,
  /^(.+?)の(?:ポスター|チラシ)(?:を.*)?$/u,
  /^(?:हमारे|हमारी|हमारा)?\s*(.+?)\s+(?:के लिए|के बारे में|का)\s+(?:एक\s+)?पोस्टर.*$/u,
  /^(?:(?:an?|the|our)\s+)?(.+?)\s+(?:poster|flyer|leaflet|plakat|flugblatt)$/iu,
];

/** "Poster for our summer party" is the summer party's poster: its title is what comes after. */
export function withoutIntroduction(clause: string): string {
  for (const pattern of INTRODUCTIONS) {
    const rest = clause.replace(pattern, "");
    if (rest !== clause && /[\p{L}\p{N}]/u.test(rest)) return rest;
  }
  for (const frame of FRAMES) {
    const inside = frame.exec(clause)?.[1]?.trim();
    if (inside !== undefined && /[\p{L}\p{N}]/u.test(inside)) return inside;
  }
  return clause;
}
