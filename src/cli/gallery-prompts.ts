/** The twelve prompts of the contact sheet; each is drawn with four seeds. */
export const GALLERY_PROMPTS: readonly string[] = [
  'constructivist poster, red and cream, raised fists and gears, "UNITE TO FIGHT" front and centered, "Saturday 5 May, 14:00, Town Hall" at the bottom',
  'Swiss poster, white background, "Rent is too damn high" large at the top, house keys, "Tenants’ meeting every Tuesday, 7 pm" small at the very bottom',
  'risograph print of a bicycle, "Critical Mass", below it "last Friday of the month"',
  'woodcut of wheat and a sun, "BREAD FOR ALL", "Community kitchen, Mill Lane 4"',
  'punk zine cover, megaphone, "MAKE SOME NOISE", "Benefit gig for the strike fund"',
  'art deco, night, a lighthouse, "The Harbour Ball", "In aid of the dockers’ library"',
  'chalk on a blackboard, a teapot, "Neighbours’ tea", "Sundays at four"',
  'blueprint of a bridge, "Build it together", "Volunteers wanted"',
  'bauhaus poster for the repair café, wrench and light bulb, "Repair Café", "bring it broken, take it home mended"',
  "a dove over mountains at dawn, “Мир и труд”, “1 мая”",
  // The documents' own examples.
  "Ready for the march?",
  "a red fox",
];
export const GALLERY_SEEDS: readonly number[] = [5, 8, 7, 13];
