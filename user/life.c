// life.c -- Conway's life on a torus, computed twice
//
//   life [MS] [quiet]     one generation every MS milliseconds (1000);
//                         quiet: only the sum of every tenth
//
// One board is an array of cells that are counted one by one, the other a
// row of bits that are added in parallel.  They must stay equal for ever.
#include "tender.h"

#define WIDTH 40u
#define HEIGHT 16u
#define ROW_MASK ((1ull << WIDTH) - 1)

struct boards {
    u32 generation;
    u8 cell[HEIGHT][WIDTH];
    u64 row[HEIGHT]; // bit x = column x
};

static void
seed(struct boards *boards)
{
    static const u8 start[][2] = {
        // a glider
        {1, 0},
        {2, 1},
        {0, 2},
        {1, 2},
        {2, 2},
        // an R-pentomino
        {25, 7},
        {26, 7},
        {24, 8},
        {25, 8},
        {25, 9},
    };

    for (u32 i = 0; i < ARRAY_LEN(start); i++) {
        boards->cell[start[i][1]][start[i][0]] = 1;
        boards->row[start[i][1]] |= 1ull << start[i][0];
    }
}

static u32
neighbours(const u8 cell[HEIGHT][WIDTH], u32 x, u32 y)
{
    u32 left = (x + WIDTH - 1) % WIDTH;
    u32 right = (x + 1) % WIDTH;
    const u8 *above = cell[(y + HEIGHT - 1) % HEIGHT];
    const u8 *below = cell[(y + 1) % HEIGHT];

    return (u32)above[left] + above[x] + above[right] + cell[y][left] +
           cell[y][right] + below[left] + below[x] + below[right];
}

static void
step_cells(struct boards *boards)
{
    u8 old[HEIGHT][WIDTH];

    memcpy(old, boards->cell, sizeof(old));
    for (u32 y = 0; y < HEIGHT; y++)
        for (u32 x = 0; x < WIDTH; x++) {
            u32 n = neighbours(old, x, y);

            boards->cell[y][x] = n == 3 || (n == 2 && old[y][x]);
        }
}

// A counter modulo 8 for each column: 8 neighbours count as none, which
// means death as well.
struct columns {
    u64 bit[3];
};

static void
add(struct columns *count, u64 row)
{
    for (u32 i = 0; i < 3; i++) {
        u64 carry = count->bit[i] & row;

        count->bit[i] ^= row;
        row = carry;
    }
}

static u64
to_left(u64 row)
{
    return (row << 1 | row >> (WIDTH - 1)) & ROW_MASK;
}

static u64
to_right(u64 row)
{
    return (row >> 1 | row << (WIDTH - 1)) & ROW_MASK;
}

static void
step_rows(struct boards *boards)
{
    u64 old[HEIGHT];

    memcpy(old, boards->row, sizeof(old));
    for (u32 y = 0; y < HEIGHT; y++) {
        u64 above = old[(y + HEIGHT - 1) % HEIGHT];
        u64 below = old[(y + 1) % HEIGHT];
        struct columns count = {{0, 0, 0}};

        add(&count, to_left(above));
        add(&count, above);
        add(&count, to_right(above));
        add(&count, to_left(old[y]));
        add(&count, to_right(old[y]));
        add(&count, to_left(below));
        add(&count, below);
        add(&count, to_right(below));
        // 2 or 3, and 3 if there is no cell yet
        boards->row[y] = count.bit[1] & ~count.bit[2] & (count.bit[0] | old[y]);
    }
}

static int
equal(const struct boards *boards)
{
    for (u32 y = 0; y < HEIGHT; y++)
        for (u32 x = 0; x < WIDTH; x++)
            if (boards->cell[y][x] != (boards->row[y] >> x & 1))
                return 0;
    return 1;
}

static u32
sum(const struct boards *boards)
{
    u32 value = boards->generation;

    for (u32 y = 0; y < HEIGHT; y++) {
        value = mix(value, (u32)boards->row[y]);
        value = mix(value, (u32)(boards->row[y] >> 32));
    }
    return value;
}

static void
show(const struct boards *boards, int quiet)
{
    char text[HEIGHT * (WIDTH + 1) + 1];
    u32 length = 0;

    for (u32 y = 0; !quiet && y < HEIGHT; y++) {
        for (u32 x = 0; x < WIDTH; x++)
            text[length++] = boards->cell[y][x] ? '#' : '.';
        text[length++] = '\n';
    }
    text[length] = 0;
    print("%slife: generation %u sum %08x\n", text, boards->generation,
          sum(boards));
}

int
main(int argc, char **argv)
{
    static struct boards boards;
    int quiet = argc > 1 && text_equal(argv[argc - 1], "quiet");
    u32 ms = argument(argc - quiet, argv, 1, 0, 1000);

    seed(&boards);
    for (;;) {
        if (!equal(&boards)) {
            print("life: WRONG board in generation %u: the two computations "
                  "differ.\n",
                  boards.generation);
            return 1;
        }
        if (!quiet || boards.generation % 10 == 0)
            show(&boards, quiet);
        sleep_ms(ms);
        step_cells(&boards);
        step_rows(&boards);
        boards.generation++;
    }
}
