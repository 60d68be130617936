import { KNOWN_LISTS } from './known-lists.js';

/** Data sets whose names are known to each other, in the order of the columns below. */
export const MAPPED_SETS = ['coco', 'voc', 'bdd100k', 'open-images', 'objects365'] as const;
export type MappedSet = (typeof MAPPED_SETS)[number];

const LIST_OF: Record<MappedSet, string> = {
  coco: 'COCO',
  voc: 'Pascal VOC',
  bdd100k: 'BDD100K',
  'open-images': 'Open Images',
  objects365: 'Objects365',
};

/** The names of a data set. */
export async function namesOfSet(set: MappedSet): Promise<readonly string[]> {
  return KNOWN_LISTS.find(({ name }) => name === LIST_OF[set])!.load();
}

/**
 * A line per thing: COCO | VOC | BDD100K | Open Images | Objects365. The first name of a column is that very thing; those
 * behind it are kinds of it. A comma in front: the data set has only kinds of it. A name looks for its line from the top, so
 * that what is narrower stands first.
 *
 * Sources, beside the names: VOC's annotation guidelines (a van is a car, a monitor is a tvmonitor); Open Images' class
 * hierarchy; BDD100K called its pedestrians persons before, and has riders apart.
 */
const THINGS = `
person | person | pedestrian, rider | Person, Man, Woman, Boy, Girl | Person
bicycle | bicycle | bicycle | Bicycle | Bicycle
car | car | car | Car, Taxi, Limousine | Car, SUV, Sports Car
- | - | - | Van | Van
- | car | - | , Van | , Van
motorcycle | motorbike | motorcycle | Motorcycle | Motorcycle
airplane | aeroplane | - | Airplane | Airplane
bus | bus | bus | Bus | Bus
train | train | train | Train | Train
truck | - | truck | Truck | Truck, Pickup Truck, Heavy Truck, Fire Truck
boat | boat | - | Boat, Barge, Canoe, Gondola | Boat, Sailboat
traffic light | - | traffic light | Traffic light | Traffic Light
fire hydrant | - | - | Fire hydrant | Fire Hydrant
stop sign | - | - | Stop sign | Stop Sign
, stop sign | - | traffic sign | Traffic sign, Stop sign | Traffic Sign, Stop Sign, Speed Limit Sign, Crosswalk Sign
parking meter | - | - | Parking meter | Parking meter
bench | - | - | Bench | Bench
- | - | - | Duck | Duck
- | - | - | Goose | Goose
- | - | - | Parrot | Parrot
- | - | - | Penguin | Penguin
- | - | - | Swan | Swan
bird | bird | - | Bird, Blue jay, Canary, Chicken, Duck, Eagle, Falcon, Goose, Magpie, Ostrich, Owl, Parrot, Penguin, Raven, Sparrow, Swan, Woodpecker | , Duck, Goose, Parrot, Penguin, Pigeon, Swan, Wild Bird
cat | cat | - | Cat | Cat
dog | dog | - | Dog | Dog
horse | horse | - | Horse | Horse
sheep | sheep | - | Sheep | Sheep
cow | cow | - | Cattle, Bull | Cow
elephant | - | - | Elephant | Elephant
bear | - | - | Bear, Brown bear, Polar bear | Bear
zebra | - | - | Zebra | Zebra
giraffe | - | - | Giraffe | Giraffe
backpack | - | - | Backpack | Backpack
umbrella | - | - | Umbrella | Umbrella
handbag | - | - | Handbag | -
, handbag | - | - | , Handbag | Handbag/Satchel
tie | - | - | Tie | Tie
suitcase | - | - | Suitcase | -
, suitcase | - | - | , Suitcase | Luggage
frisbee | - | - | Flying disc | Frisbee
skis | - | - | Ski | -
snowboard | - | - | Snowboard | Snowboard
- | - | - | Golf ball | Golf Ball
- | - | - | Volleyball (Ball) | Volleyball
sports ball | - | - | , Cricket ball, Football, Golf ball, Rugby ball, Tennis ball, Volleyball (Ball) | , American Football, Baseball, Basketball, Golf Ball, Soccer, Volleyball
, sports ball | - | - | Ball | , American Football, Baseball, Basketball, Golf Ball, Other Balls, Soccer, Volleyball
kite | - | - | Kite | Kite
baseball bat | - | - | Baseball bat | Baseball Bat
baseball glove | - | - | Baseball glove | Baseball Glove
skateboard | - | - | Skateboard | Skateboard
surfboard | - | - | Surfboard | Surfboard
tennis racket | - | - | Tennis racket | Tennis Racket
bottle | bottle | - | Bottle | Bottle
wine glass | - | - | Wine glass | Wine Glass
cup | - | - | , Coffee cup, Mug | Cup
fork | - | - | Fork | Fork
knife | - | - | Knife, Kitchen knife | Knife
spoon | - | - | Spoon | Spoon
bowl | - | - | Bowl, Mixing bowl | -
, bowl | - | - | , Bowl, Mixing bowl | Bowl/Basin
banana | - | - | Banana | Banana
apple | - | - | Apple | Apple
sandwich | - | - | Sandwich, Submarine sandwich | Sandwich
orange | - | - | Orange | -
, orange | - | - | , Orange | Orange/Tangerine
broccoli | - | - | Broccoli | Broccoli
carrot | - | - | Carrot | Carrot
hot dog | - | - | Hot dog | Hot dog
pizza | - | - | Pizza | Pizza
donut | - | - | Doughnut | Donut
cake | - | - | Cake | Cake
chair | chair | - | Chair | Chair
couch | sofa | - | Couch, Loveseat, Sofa bed, Studio couch | Couch
potted plant | pottedplant | - | Houseplant | Potted Plant
bed | - | - | Bed | Bed
dining table | diningtable | - | Kitchen & dining room table | Dining Table
toilet | - | - | Toilet | Toilet
tv | tvmonitor | - | , Computer monitor, Television | Monitor/TV
laptop | - | - | Laptop | Laptop
mouse | - | - | Computer mouse | Mouse
remote | - | - | Remote control | Remote
keyboard | - | - | Computer keyboard | Keyboard
cell phone | - | - | Mobile phone | Cell Phone
microwave | - | - | Microwave oven | Microwave
oven | - | - | Oven | Oven
toaster | - | - | Toaster | Toaster
sink | - | - | Sink | Sink
refrigerator | - | - | Refrigerator | Refrigerator
book | - | - | Book | Book
clock | - | - | Clock, Alarm clock, Digital clock, Wall clock | Clock
vase | - | - | Vase | Vase
scissors | - | - | Scissors | Scissors
teddy bear | - | - | Teddy bear | -
, teddy bear | - | - | , Teddy bear | Stuffed Toy
hair drier | - | - | Hair dryer | Hair Dryer
toothbrush | - | - | Toothbrush | Toothbrush
`;

/** Open Images = Objects365, where the others have no name for it; one name alone: both call it so. */
const IN_BOTH = `
Ambulance; Antelope; Balloon; Bathtub; Belt; Binoculars; Blender; Boot = Boots; Bread; Briefcase; Butterfly; Cabbage;
Calculator; Camel; Camera; Candle; Cello; Chainsaw; Cheese; Chopsticks; Coconut; Coffee table = Coffee Table;
Coffeemaker = Coffee Machine; Cookie = Cookies; Cosmetics; Crab; Cucumber; Cutting board = Cutting/chopping Board; Deer;
Desk; Dessert; Dishwasher; Dolphin; Drum; Dumbbell; Eraser; Flag; Flower; Flute; French fries = French Fries;
Garden Asparagus = Asparagus; Gas stove; Glasses; Glove = Gloves; Goldfish; Grape; Grapefruit; Guitar; Hamburger; Hammer;
Hat; Headphones = Head Phone; Helicopter; Helmet; High heels = High Heels; Ice cream; Jellyfish; Jug; Kettle; Ladder; Lamp;
Lantern; Lemon; Lion; Lipstick; Lobster; Mango; Mechanical fan = Fan; Microphone; Mirror; Monkey; Mushroom; Necklace;
Nightstand; Oyster; Paddle; Pasta; Peach; Pear; Pencil case = Pencil Case; Piano; Pig; Pillow; Pineapple; Plate;
Pomegranate; Potato; Printer; Pumpkin; Rabbit; Radish; Sandal = Sandals; Saxophone; Scale; Screwdriver; Shrimp; Stapler;
Stool; Strawberry; Street light = Street Lights; Sushi; Table tennis racket = Table Tennis paddle; Tablet computer = Tablet;
Teapot = Tea pot; Telephone; Tent; Toilet paper = Toilet Paper; Tomato; Towel; Treadmill; Tripod; Trombone; Trumpet; Violin;
Waste container = Trash bin Can; Watch; Watermelon; Wheelchair
`;

/** Names for one thing: per data set the very thing, where it has it, and kinds of it. */
export type Thing = Record<MappedSet, { same: string | null; kinds: string[] }>;

/** All things, what is narrower first. */
export function things(): Thing[] {
  const lines = THINGS.trim().split('\n');
  const both = IN_BOTH.trim().split(/;\s/);
  const pairs = both.map((names) => names.split(' = ')).map(([a, b = a]) => `- | - | - | ${a} | ${b}`);
  return [...lines, ...pairs].map((line) => {
    const columns = line.split('|').map((text) => text.trim().split(/,\s*/));
    const named = ([first, ...kinds]: string[]) => ({ same: first === '' || first === '-' ? null : first!, kinds });
    return Object.fromEntries(MAPPED_SETS.map((set, i) => [set, named(columns[i]!)])) as Thing;
  });
}
