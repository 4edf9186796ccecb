; selftest.asm -- a guest whose every change of memory is known beforehand
;
; A boot ROM.  What it does between the addresses TRACED and ENDED is written
; down, event by event, in test_selftest.c; each step has its number there.
;
;     page directory  0x500000        va 0x000000  this ROM (4 MiB page)
;     page table      0x501000        va 0x400000  by the page table
;                                     va 0xc00000  physical 0x400000 (window)
;     va 0x400000 -> 0x610000, va 0x401000 -> 0x640000, va 0x402000 -> nothing

LINEAR  equ 0xf0000
DIR     equ 0x500000
TABLE   equ 0x501000
WINDOW  equ 0xc00000 - 0x400000     ; add it to a physical address
APIC    equ 0xfee00000
TRACED  equ 0x400
ENDED   equ 0xc00

; Filled with nop, so that what follows lies at a known address.
%macro place 1
    times %1 - ($ - $$) nop
%endmacro

%macro gate 2                       ; handler, flags
    dw %1 - $$, 8, %2, LINEAR >> 16
%endmacro

bits 16
org 0

start:
    cli
    o32 lgdt [cs:gdtr - $$]
    mov eax, cr0
    or eax, 1
    mov cr0, eax
    jmp dword 8:LINEAR + protected

bits 32
protected:
    mov eax, 16
    mov ds, eax
    mov es, eax
    mov ss, eax
    mov esp, 0x7000

    or dword [APIC + 0xf0], 0x100   ; the local APIC is on
    mov dword [DIR], 0x000000e7
    mov dword [DIR + 4], TABLE | 3
    mov dword [DIR + 3 * 4], 0x004000e3
    mov dword [DIR + 0x3fb * 4], 0xfec000f3
    mov dword [TABLE], 0x610003
    mov dword [TABLE + 4], 0x640003

    mov eax, 0x610                  ; PSE, SSE
    mov cr4, eax
    mov eax, DIR
    mov cr3, eax
    mov eax, cr0
    and eax, ~0x6000000c
    or eax, 0x80010003
    mov cr0, eax
    lidt [LINEAR + idtr]
    mov eax, 0x28
    ltr ax
    mov eax, 0x01234567
    movd xmm0, eax
    jmp traced

place TRACED
traced:
; 1  the first store: accessed and dirty are set on the way
    mov dword [0x400010], 0x11223344
; 2  not aligned; over the end of a line
    mov word [0x400021], 0xbeef
    mov dword [0x40003e], 0x55667788
; 3  a load sets accessed
    mov eax, [0x401000]
; 4  over the end of a page, onto one that is not the next one in memory
    mov dword [0x400ffe], 0xa1a2a3a4
; 5  a string
    cld
    mov esi, LINEAR + three
    mov edi, 0x401100
    mov ecx, 3
    rep movsd
; 6  a push, a call
    mov esp, 0x401800
    push dword 0x77
    jmp near at_600
place 0x600
at_600:
    call nothing
    pop edx
; 7  an interrupt of the same ring
    push dword 2
    popfd
    jmp near at_620
place 0x620
at_620:
    int 0x30
    jmp near at_640
; 8  a page fault, mended by its handler
place 0x640
at_640:
    mov dword [0x402000], 1
; 9  dirty is cleared and set again
    and byte [TABLE + WINDOW], ~0x40
    invlpg [0x400000]
    mov byte [0x400000], 9
; 10 flushes; each begins a translation block
    mov eax, 0x400047
    mov ecx, 0x10
    jmp .clwb
.clwb:
    clwb [eax]
    jmp .clflushopt
.clflushopt:
    clflushopt [eax + 0x80]
    jmp .clflush
.clflush:
    clflush [eax + ecx * 4 + 0x1000]
; 11 fences
    sfence
    lock inc dword [0x400010]
    mov edx, 0x99
    xchg [0x400010], edx
    mfence
    lfence                          ; orders loads only: no event
; 12 another address space
    mov eax, DIR
    jmp .cr3
.cr3:
    mov cr3, eax
; 13 sixteen bytes, in line and over the end of a page
    movdqu [0x401300], xmm0
    movups [0x400ff8], xmm0
; 14 to a program and back
    push dword 0x23
    push dword 0x401a00
    push dword 2
    push dword 0x1b
    push dword LINEAR + 0x800
    iretd
place 0x800
    int 0x31                        ; in ring 3
back:                               ; on the stack of step 6 again
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov esp, 0x401800
; 15 a hardware interrupt
    jmp near at_880
place 0x880
at_880:
    mov dword [APIC + 0x300], 0x44040
    sti
    nop
    nop
    cli
; 16 the console
    mov edx, 0x3f8
    mov al, 'A'
    out dx, al
; 17 the same value again is a store, too; wbinvd
    mov byte [0x400000], 9
    wbinvd
    jmp near ended
place ENDED
ended:
    nop
    jmp ended

nothing:
    ret

on_30:
    iretd

on_fault:
    mov dword [TABLE + WINDOW + 8], 0x650003
    add esp, 4
    iretd

on_31:
    jmp near back

on_40:
    mov dword [APIC + 0xb0], 0
    iretd

align 8
three:
    dd 0x101, 0x102, 0x103
gdt:                                ; accessed bits set: this is read-only
    dq 0
    dq 0x00cf9b000000ffff
    dq 0x00cf93000000ffff
    dq 0x00cffb000000ffff
    dq 0x00cff3000000ffff
    dw 103, task - $$, 0x8900 | (LINEAR >> 16), 0
gdtr:
    dw gdtr - gdt - 1
    dd LINEAR + gdt
task:
    dd 0, 0x401900, 16
    times 23 dd 0
idtr:
    dw 0x41 * 8 - 1
    dd LINEAR + idt
align 8
idt:
    times 14 dq 0
    gate on_fault, 0x8e00
    times 0x30 - 15 dq 0
    gate on_30, 0x8e00
    gate on_31, 0xee00
    times 0x40 - 0x32 dq 0
    gate on_40, 0x8e00

bits 16
times 0xfff0 - ($ - $$) db 0xf4
    jmp 0xf000:start
times 0x10000 - ($ - $$) db 0
