# mbr.sh -- the partition table of a disk image; read in by mkimage and mkplates

SECTOR=512
FIRST=2048                  # sector of partition 1: the usual 1 MiB gap
PER_MIB=2048                # sectors in a MiB

# Print a 32-bit number as the four bytes printf understands, lowest first.
le32()
{
    printf '\\x%02x\\x%02x\\x%02x\\x%02x' \
        $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# Print one partition table entry: FLAG TYPE FIRST_SECTOR SECTORS.  The
# cylinder fields say "look at the sector numbers instead".
entry()
{
    printf "\\x$1\\xfe\\xff\\xff\\x$2\\xfe\\xff\\xff$(le32 "$3")$(le32 "$4")"
}
