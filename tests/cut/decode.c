// decode.c -- which instructions flush and fence, and what they name
#include "tests/cut/inside.h"

struct prefixes {
    unsigned length;
    bool lock, operand, repeat;
};

static struct prefixes
read_prefixes(const uint8_t *code, unsigned size)
{
    struct prefixes p = {0};

    for (; p.length < size; p.length++) {
        switch (code[p.length]) {
        case 0xf0:
            p.lock = true;
            break;
        case 0x66:
            p.operand = true;
            break;
        case 0xf2:
        case 0xf3:
            p.repeat = true;
            break;
        case 0x26:
        case 0x2e:
        case 0x36:
        case 0x3e:
        case 0x64:
        case 0x65:
        case 0x67:
            break;
        default:
            return p;
        }
    }
    return p;
}

// 0f ae: fences have a register in the place of memory.
static enum cut_kind
group_15(uint8_t modrm, const struct prefixes *p)
{
    unsigned op = modrm >> 3 & 7;
    bool memory = modrm >> 6 != 3;

    if (!memory)
        return (op == 6 || op == 7) && !p->repeat && !p->operand ? CUT_FENCE
                                                                 : 0;
    if (p->repeat)
        return 0;
    if (op == 6 && p->operand)
        return CUT_FLUSH;
    if (op == 7)
        return p->operand ? CUT_FLUSH : CUT_FLUSH_NOW;
    return 0;
}

enum cut_kind
decode_kind(const uint8_t *code, unsigned size)
{
    struct prefixes p = read_prefixes(code, size);
    const uint8_t *op = code + p.length;
    unsigned rest = size - p.length;

    if (p.lock)
        return CUT_FENCE;
    if (rest >= 2 && (op[0] == 0x86 || op[0] == 0x87) && op[1] >> 6 != 3)
        return CUT_FENCE; // xchg with memory locks
    if (rest < 2 || op[0] != 0x0f)
        return 0;
    if (op[1] == 0x09)
        return CUT_FLUSH_ALL;
    if (rest >= 3 && op[1] == 0x22 && (op[2] >> 3 & 7) == 3)
        return CUT_CR3;
    return rest >= 3 && op[1] == 0xae ? group_15(op[2], &p) : 0;
}

static uint32_t
word_at(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

uint32_t
decode_address(const uint8_t *code, const uint32_t *regs)
{
    struct prefixes p = read_prefixes(code, 15);
    const uint8_t *at = code + p.length + 2;
    uint8_t modrm = *at++;
    unsigned mod = modrm >> 6, base = modrm & 7;
    uint32_t address = 0;

    if (base == 4) {
        uint8_t sib = *at++;
        unsigned index = sib >> 3 & 7;

        base = sib & 7;
        if (index != 4)
            address += regs[index] << (sib >> 6);
    }
    if (mod == 0 && base == 5)
        return address + word_at(at);
    address += regs[base];
    if (mod == 1)
        address += (uint32_t)(int8_t)*at;
    if (mod == 2)
        address += word_at(at);
    return address;
}
