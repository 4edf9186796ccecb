; rom.asm -- the boot ROM of fast boots, instead of SeaBIOS and GRUB
;
; The host has put the kernel, the multiboot information and this into memory:
;     0x7000  physical address of the kernel's entry
;     0x7004  physical address of the multiboot information
; Here is done what firmware does and the kernel relies on: the place of the
; ACPI block (time, power off) and of the disk's bus master, and the way of
; interrupts through the local APIC.

LINEAR equ 0xf0000
BLOCK  equ 0x7000
MAGIC  equ 0x2badb002

CONFIG equ 0xcf8
DATA   equ 0xcfc
APIC   equ 0xfee00000

bits 16
org 0

start:
    cli
    o32 lgdt [cs:gdtr]
    mov eax, cr0
    or eax, 1
    mov cr0, eax
    jmp dword 8:LINEAR + protected

bits 32
%macro pci_write 2
    mov eax, 0x80000000 | %1
    mov edx, CONFIG
    out dx, eax
    mov eax, %2
    mov edx, DATA
    out dx, eax
%endmacro

IDE  equ 1 << 11 | 1 << 8       ; device 1, function 1
ACPI equ 1 << 11 | 3 << 8

protected:
    mov eax, 16
    mov ds, eax
    mov es, eax
    mov fs, eax
    mov gs, eax
    mov ss, eax
    mov esp, BLOCK
    pci_write IDE | 0x20, 0xc001    ; BAR 4: the bus master's ports
    pci_write IDE | 0x04, 0x05      ; ports, bus mastering
    pci_write ACPI | 0x40, 0x601    ; base of the ACPI block
    pci_write ACPI | 0x80, 0x01     ; on
    or dword [APIC + 0xf0], 0x100   ; on
    mov dword [APIC + 0x350], 0x8700 ; LINT0: the interrupt controllers
    mov dword [APIC + 0x360], 0x8400 ; LINT1: NMI
    mov eax, MAGIC
    mov ebx, [BLOCK + 4]
    jmp [BLOCK]

align 8
gdt:                                ; accessed bits set: this is read-only
    dq 0
    dq 0x00cf9b000000ffff
    dq 0x00cf93000000ffff
gdtr:
    dw gdtr - gdt - 1
    dd LINEAR + gdt

bits 16
times 0xfff0 - ($ - $$) db 0xf4
    jmp 0xf000:start
times 0x10000 - ($ - $$) db 0
