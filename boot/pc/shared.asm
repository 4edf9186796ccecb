; shared.asm -- shared.def as NASM reads it; included by every .asm file
%define ABOUT(sentence)
%define SHARED(name, value) name equ value
%include "boot/pc/shared.def"

WINDOW equ 0x80000000   ; RAM_BASE: where physical memory appears

section .note.GNU-stack noalloc noexec nowrite progbits
bits 32
