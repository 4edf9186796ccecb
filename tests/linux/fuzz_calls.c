// fuzz_calls.c -- the arguments of each call, and what must not be called
#include "fuzz.h"

// By letters: fuzz_value(). Numbers that are not here get anything.
static const struct {
    u16 number;
    char arguments[7];
} kinds[] = {
    {0, ""},         {2, ""},         {3, "fpl"},      {4, "fpl"},
    {5, "Sxm"},      {6, "f"},        {7, "ipx"},      {8, "sm"},
    {9, "Ss"},       {10, "s"},       {11, "Spp"},     {12, "s"},
    {13, "p"},       {14, "sxx"},     {15, "sm"},      {16, "s??"},
    {19, "fxm"},     {20, ""},        {21, "SSSxp"},   {23, "m"},
    {25, "t"},       {27, "m"},       {30, "st"},      {33, "Sm"},
    {36, ""},        {37, "in"},      {38, "ss"},      {39, "sm"},
    {40, "s"},       {41, "f"},       {42, "p"},       {43, "p"},
    {45, "a"},       {46, "m"},       {48, "np"},      {52, "Sx"},
    {54, "fkp"},     {55, "fmm"},     {57, "ii"},      {60, "m"},
    {61, "s"},       {63, "ff"},      {66, ""},        {67, "npp"},
    {72, "xxx"},     {73, "p"},       {74, "pl"},      {75, "mp"},
    {76, "mp"},      {77, "xp"},      {78, "pp"},      {79, "tp"},
    {80, "lp"},      {82, "p"},       {83, "Ss"},      {85, "Spl"},
    {90, "p"},       {91, "ab"},      {92, "sl"},      {93, "fl"},
    {94, "fm"},      {95, "f??"},     {96, "mi"},      {97, "mim"},
    {99, "Sp"},      {100, "fp"},     {104, "mtp"},    {105, "mp"},
    {106, "Sp"},     {107, "Sp"},     {108, "fp"},     {114, "ipxp"},
    {116, "p"},      {118, "f"},      {120, "xppp"},   {122, "p"},
    {125, "abm"},    {126, "mpp"},    {132, "i"},      {133, "f"},
    {136, "x"},      {140, "fxxpm"},  {141, "fpl"},    {142, "mpppt"},
    {143, "fm"},     {144, "abm"},    {145, "fpL"},    {146, "fpL"},
    {147, "i"},      {148, "f"},      {150, "ab"},     {151, "ab"},
    {152, "m"},      {158, ""},       {162, "tp"},     {163, "abbma"},
    {168, "pLm"},    {172, "mpppp"},  {174, "npp8"},   {175, "mpp8"},
    {176, "p8"},     {177, "ppt8"},   {178, "inp"},    {179, "p8"},
    {180, "fplxm"},  {181, "fplxm"},  {182, "s??"},    {183, "pl"},
    {184, "pp"},     {186, "pp"},     {187, "ffpl"},   {190, ""},
    {191, "mp"},     {192, "abmMfm"}, {193, "slx"},    {194, "flx"},
    {195, "Sp"},     {196, "Sp"},     {197, "fp"},     {205, "lp"},
    {206, "lp"},     {218, "abp"},    {219, "abm"},    {220, "fpl"},
    {221, "fmp"},    {229, "Sppl"},   {238, "in"},     {239, "ffpl"},
    {240, "pmmtpx"}, {241, "ilp"},    {242, "ilp"},    {243, "p"},
    {244, "p"},      {250, "fxxlm"},  {254, "L"},      {255, "fmfp"},
    {256, "fpLm"},   {258, "p"},      {264, "mt"},     {265, "mp"},
    {266, "mp"},     {267, "mmtp"},   {268, "S6p"},    {269, "f6p"},
    {270, "iin"},    {271, "sp"},     {272, "fxxxxm"}, {284, "mipxp"},
    {295, "DSxm"},   {296, "Dsm"},    {297, "Dsxx"},   {298, "Ds??A"},
    {299, "Dsp"},    {300, "DSpA"},   {301, "DsA"},    {302, "DsDs"},
    {303, "DSDsA"},  {304, "SDs"},    {305, "DSpl"},   {306, "Dsm"},
    {307, "DSmA"},   {308, "mppptp"}, {309, "pLtp8"},  {311, "pl"},
    {312, "ipp"},    {318, "ppp"},    {319, "fpLmp8"}, {320, "DspA"},
    {323, "x"},      {324, "fmxmlm"}, {328, "mA"},     {329, "x"},
    {330, "ffx"},    {331, "px"},     {333, "fpLxx"},  {334, "fpLxx"},
    {340, "imPp"},   {344, "f"},      {353, "DsDsm"},  {355, "plm"},
    {375, "mxx"},    {377, "fpfplx"}, {383, "DSAxp"},  {386, "plxx"},
    {403, "mp"},     {404, "mt"},     {406, "mp"},     {407, "mmtp"},
    {412, "DspA"},   {413, "mppptp"}, {414, "pLtp8"},  {421, "ppt8"},
    {422, "pmmtpx"}, {435, "pl"},     {436, "ffm"},    {439, "DSmA"},
};

void
fuzz_arguments(struct caller *c, u32 number)
{
    const char *letters = "??????";

    for (u32 i = 0; i < ARRAY_LEN(kinds); i++)
        if (kinds[i].number == number)
            letters = kinds[i].arguments;
    for (u32 i = 0; i < 6; i++) {
        char kind = *letters == 0 ? '?' : *letters++;

        if (kind == 'P') // new limits: rarely any
            kind = chance_below(&c->chance, 8) ? '0' : 'p';
        if (chance_below(&c->chance, 16) == 0)
            kind = "fplmnx?"[chance_below(&c->chance, 7)];
        c->argument[i] = kind == '0' ? 0 : fuzz_value(c, kind);
    }
}

// --- what must not be called ---

// Signals are for this process or for nobody: the programs beside it live on.
static int
may_signal(struct caller *c, u32 who, u32 number)
{
    static const u32 ends[] = {9, 19, 20, 21, 22};

    if (who != c->pid && who != c->tid && who < 0x10000)
        return 0;
    if (who > 0x80000000 && who > 0xffff8000)
        return 0; // groups that may be there
    for (u32 i = 0; i < ARRAY_LEN(ends); i++)
        if (number == ends[i])
            return chance_below(&c->chance, 32) == 0;
    return 1;
}

// Nearly always within the arena: a worker without its code is of little use.
static int
may_unmap(struct caller *c, u32 at, u32 bytes)
{
    u32 start = P(c->arena), end = start + 24 * PAGE;

    if (at >= start && at < end && bytes <= end - at)
        return 1;
    return chance_below(&c->chance, 64) == 0;
}

static int
is_terminal(u32 descriptor)
{
    u32 termios[16];

    return call(CALL_IOCTL, descriptor, 0x5401, P(termios)) == 0;
}

static int
may_change_memory(struct caller *c, u32 number)
{
    const u32 *a = c->argument;

    fuzz_arena_changed = 1;
    switch (number) {
    case 45: // brk: this program has none
        return 1;
    case 192:
        return (a[3] & 0x10) == 0 || may_unmap(c, a[0], a[1]);
    case 163:
        return may_unmap(c, a[0], a[1]) &&
               ((a[3] & 2) == 0 || may_unmap(c, a[4], a[2]));
    case 90:
        return chance_below(&c->chance, 32) == 0; // it takes all from memory
    default:
        return may_unmap(c, a[0], a[1]);
    }
}

int
fuzz_allowed(struct caller *c, u32 number)
{
    const u32 *a = c->argument;

    switch (number) {
    case 1:
    case 252: // it ends itself
    case 119:
    case 173: // fuzz_odd.c has frames for them
        return 0;
    case 4:
    case 146:
    case 181:
    case 334:
    case 187:
    case 239:
        return !is_terminal(a[0]);
    case 377:
        return !is_terminal(a[2]);
    case 37:
    case 238:
    case 178:
        return may_signal(c, a[0], a[1]);
    case 270:
        return may_signal(c, a[0], a[2]) && may_signal(c, a[1], a[2]);
    case 97: // nobody else's
        return a[1] == 0 || a[1] == c->pid;
    case 340:
        return a[0] == 0 || a[0] == c->pid || a[2] == 0;
    case 54:
        return a[1] != 0x540a;
    case 88: // never the magic words
        return a[0] != 0xfee1dead;
    case 23:
    case 70:
    case 203:
    case 208:
    case 213: // a user without rights is refused too much
    case 29:
    case 36:
    case 72:
    case 179: // slow
        return chance_below(&c->chance, 16) == 0;
    case 45:
    case 90:
    case 91:
    case 125:
    case 163:
    case 192:
    case 219:
        return may_change_memory(c, number);
    default:
        return 1;
    }
}
