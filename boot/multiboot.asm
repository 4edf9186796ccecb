; multiboot.asm -- from GRUB to kernel_main(): header, early paging, boot stack
%include "boot/pc/shared.asm"

HEADER_MAGIC equ 0x1badb002
HEADER_FLAGS equ 3              ; modules page-aligned, memory map wanted

PAGE_RW     equ 0x63            ; present, writable, accessed, dirty
PAGE_R      equ 0x61
LARGE_RW    equ 0xe3            ; the same, 4 MiB
WINDOW_PDE  equ WINDOW >> 22
WINDOW_PDES equ 256             ; 1 GiB; entries beyond RAM harm nobody

%define PA(symbol) (symbol - WINDOW)

extern kernel_text_start, scratch_start
extern pc_early, kernel_main

section .multiboot progbits alloc noexec nowrite align=4
    dd HEADER_MAGIC
    dd HEADER_FLAGS
    dd -(HEADER_MAGIC + HEADER_FLAGS)

; In : protected mode, flat segments, no paging, interrupts off;
;      eax = multiboot magic, ebx = physical address of its information.
; Out: kernel_main(magic, information) on the boot stack, in the straight
;      window; nothing below it is mapped, nor the kernel's data.
section .text
global boot_entry
boot_entry:
    cli
    cld
    mov esi, eax
    mov edi, ebx
    rdtsc
    mov [PA(boot_entry_tsc)], eax
    mov [PA(boot_entry_tsc) + 4], edx

; The first 4 MiB in small pages: what GRUB loaded is read-only, all of the
; rest (firmware, screen, scratch) writable.
    xor eax, eax                ; page
    mov ebx, PA(low_table)
.low:
    mov ecx, PAGE_RW
    cmp eax, PA(kernel_text_start)
    jb .writable
    cmp eax, PA(scratch_start)
    jae .writable
    mov ecx, PAGE_R
.writable:
    or ecx, eax
    mov [ebx], ecx
    add ebx, 4
    add eax, 0x1000
    cmp eax, 0x400000
    jb .low

; The directory: the window, and its first 4 MiB at 0 until we have left.
    mov dword [PA(boot_directory)], LARGE_RW
    mov ebx, PA(boot_directory) + WINDOW_PDE * 4
    mov dword [ebx], PA(low_table) + PAGE_RW
    mov eax, 0x400000 + LARGE_RW
    mov ecx, WINDOW_PDES - 1
.large:
    add ebx, 4
    mov [ebx], eax
    add eax, 0x400000
    dec ecx
    jnz .large

    mov eax, 0x610              ; PSE, OSFXSR, OSXMMEXCPT
    mov cr4, eax
    mov eax, PA(boot_directory)
    mov cr3, eax
    mov eax, cr0
    and eax, ~0x6000000c        ; caches on, no FPU emulation, TS clear
    or eax, 0x80010023          ; PG, WP, NE, MP, PE
    mov cr0, eax
    mov eax, .high
    jmp eax

; Now in the window: our own segments and stack, address 0 unmapped.
.high:
    lgdt [early_gdtr]
    jmp KERNEL_CS:.segments
.segments:
    mov eax, KERNEL_DS
    mov ds, eax
    mov es, eax
    mov ss, eax
    xor eax, eax
    mov fs, eax
    mov gs, eax
    mov esp, boot_stack_top
    mov [boot_directory], eax
    mov eax, cr3
    mov cr3, eax
    fninit
    ldmxcsr [fresh_mxcsr]

    sub esp, 8                  ; keep the stack 16-byte aligned at calls
    push edi
    push esi
    xor ebp, ebp
    call pc_early
    call kernel_main

section .rodata align=8
early_gdt:                      ; accessed bits preset: this is read-only
    dq 0
    dq 0x00cf9b000000ffff
    dq 0x00cf93000000ffff
early_gdtr:
    dw early_gdtr - early_gdt - 1
    dd early_gdt
    align 4
fresh_mxcsr:
    dd 0x1f80

section .bss.scratch nobits alloc noexec write align=4096
global boot_directory, boot_stack_top, boot_entry_tsc
boot_directory:
    resb 4096
low_table:
    resb 4096
    resb BOOT_STACK_BYTES
boot_stack_top:
boot_entry_tsc:
    resq 1
