/**
 * Descriptions in members' languages, by Discord's locale codes. Names stay as they are: the answers speak of `/styles`, and
 * a member must find exactly that. What is not here shows in English. At most 100 characters each.
 */
type Texts = Readonly<Record<"de" | "es-ES" | "fr", string>>;

const COMMANDS: Readonly<Record<string, Texts>> = {
  imagine: {
    de: "Ein Bild in irgendeinem Stil; ohne Angabe im üblichen Stil dieses Chats",
    "es-ES": "Una imagen en cualquier estilo; sin indicarlo, en el habitual de este chat",
    fr: "Une image dans un style au choix ; sinon dans le style habituel de ce salon",
  },
  help: {
    de: "Was hier möglich ist, oder ein Befehl im Einzelnen",
    "es-ES": "Qué puedes pedir aquí, o una orden en detalle",
    fr: "Ce que l’on peut demander ici, ou une commande en détail",
  },
  guide: {
    de: "Kurze Antworten: Prompts, Trigger, cfg, Schritte, Seeds, Größen, Guthaben und mehr",
    "es-ES": "Respuestas cortas: prompts, triggers, cfg, pasos, semillas, tamaños, saldo y más",
    fr: "Réponses courtes : prompts, triggers, cfg, étapes, graines, tailles, crédit et plus",
  },
  examples: {
    de: "Prompts für den Anfang: einen wählen und ändern",
    "es-ES": "Prompts para empezar: elige uno y cámbialo",
    fr: "Des prompts pour commencer : en choisir un et le modifier",
  },
  styles: {
    de: "Die Galerie der Stile, mit Bildern",
    "es-ES": "La galería de estilos, con imágenes",
    fr: "La galerie des styles, avec des images",
  },
  history: {
    de: "Die Bilder dieses Chats, neueste zuerst",
    "es-ES": "Las imágenes de este chat, las más nuevas primero",
    fr: "Les images de ce salon, les plus récentes d’abord",
  },
  show: {
    de: "Ein früheres Bild noch einmal zeigen, mit seinen Knöpfen",
    "es-ES": "Mostrar otra vez una imagen anterior, con sus botones",
    fr: "Montrer à nouveau une image, avec ses boutons",
  },
  info: {
    de: "Wie ein Bild entstand: eines aus diesem Chat oder ein angehängtes PNG",
    "es-ES": "Cómo se hizo una imagen: una de este chat o un PNG adjunto",
    fr: "Comment une image a été faite : une de ce salon, ou un PNG joint",
  },
  quota: {
    de: "Wie viel Guthaben du noch hast und wann mehr kommt",
    "es-ES": "Cuánto saldo te queda y cuándo llega más",
    fr: "Ce qui reste de ton crédit, et quand il en revient",
  },
  queue: {
    de: "Was hier gezeichnet wird, wer wartet und wie lange",
    "es-ES": "Qué se dibuja aquí, quién espera y cuánto",
    fr: "Ce qui se dessine ici, qui attend, et combien de temps",
  },
  cancel: {
    de: "Ein wartendes oder laufendes Bild zurücknehmen; sein Guthaben kommt zurück",
    "es-ES": "Retirar una imagen que espera o se dibuja; su saldo vuelve",
    fr: "Retirer une image en attente ou en cours ; son crédit revient",
  },
  unlock: {
    de: "Den Seed lösen: jedes Bild zieht wieder einen neuen",
    "es-ES": "Soltar la semilla: cada imagen vuelve a sacar una nueva",
    fr: "Libérer la graine : chaque image en tire à nouveau une autre",
  },
  settings: {
    de: "Was die Admins hier festlegen: Stil, Größe, wer zeichnet, Abstimmungen",
    "es-ES": "Lo que deciden los admins aquí: estilo, tamaño, quién dibuja, votos",
    fr: "Ce que décident les admins ici : style, taille, qui dessine, votes",
  },
  reroll: {
    de: "Dasselbe Bild mit neuem Seed",
    "es-ES": "La misma imagen con otra semilla",
    fr: "La même image avec une autre graine",
  },
  vary: {
    de: "Dieselbe Komposition, etwas anders",
    "es-ES": "La misma composición, algo distinta",
    fr: "La même composition, un peu différente",
  },
  edit: {
    de: "Ein Bild ändern: Prompt, cfg, Schritte, Seed",
    "es-ES": "Cambiar una imagen: prompt, cfg, pasos, semilla",
    fr: "Modifier une image : prompt, cfg, étapes, graine",
  },
};

const OPTIONS: Readonly<Record<string, Texts>> = {
  prompt: {
    de: "Was gezeichnet werden soll; Wörter zum Schreiben in doppelte Anführungszeichen",
    "es-ES": "Qué dibujar; las palabras que deban leerse, entre comillas dobles",
    fr: "Quoi dessiner ; les mots à écrire entre guillemets doubles",
  },
  size: {
    de: "Die Form: ein Name, oder Breite x Höhe wie 832x1216",
    "es-ES": "La forma: un nombre, o ancho x alto como 832x1216",
    fr: "Le format : un nom, ou largeur x hauteur comme 832x1216",
  },
  seed: {
    de: "Derselbe Seed macht dasselbe Bild noch einmal; random übergeht einen festen Seed",
    "es-ES": "La misma semilla repite la misma imagen; random pasa por alto una fijada",
    fr: "La même graine refait la même image ; random ignore une graine fixée",
  },
  steps: {
    de: "Wie lange daran gearbeitet wird; mehr kostet mehr",
    "es-ES": "Cuánto se trabaja en ella; más cuesta más",
    fr: "Combien de temps on y travaille ; plus coûte plus",
  },
  count: {
    de: "Wie viele Bilder, mit aufsteigenden Seeds",
    "es-ES": "Cuántas imágenes, con semillas consecutivas",
    fr: "Combien d’images, avec des graines qui se suivent",
  },
  image: {
    de: "Ein Bild als Ausgangspunkt",
    "es-ES": "Una imagen de la que partir",
    fr: "Une image de départ",
  },
};

const MENUS: Readonly<Record<string, Texts>> = {
  "Use this picture": { de: "Dieses Bild verwenden", "es-ES": "Usar esta imagen", fr: "Utiliser cette image" },
  "Show recipe": { de: "Rezept zeigen", "es-ES": "Mostrar receta", fr: "Montrer la recette" },
};

const descriptions = (texts: Texts | undefined) => (texts ? { description_localizations: texts } : {});

export const localisedCommand = (name: string) => descriptions(COMMANDS[name]);
export const localisedOption = (name: string) => descriptions(OPTIONS[name]);
/** Menus are found by clicking, so their names can be in the member's language. */
export const localisedMenu = (name: string) => (MENUS[name] ? { name_localizations: MENUS[name] } : {});
