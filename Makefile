# Makefile -- builds Tender, its programs, its disk image and its tests
#
# Everything built goes under build/.  `make help` lists what may be asked for;
# CONFIGURATION.md tells the variables (MEM=, NV=, PLATE=, DISK=, APPEND=,
# JOBS=, V=1 and others).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-builtin-variables

JOBS ?= $(shell nproc)
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(JOBS)
endif

# make V=1 shows the commands.
Q := $(if $(V),,@)

B := build
CC := gcc

.PHONY: all
all: image

# --- what the machine must have ----------------------------------------------

# Looked at again only when the list or Debian's record of packages changes.
# Everything that compiles waits for it.
NEED := $(B)/need.stamp
$(NEED): tools/need $(wildcard /var/lib/dpkg/status)
	@mkdir -p $(@D)
	@tools/need
	@touch $@

# Run once, and only when a command wants the answer: by then gcc is there.
GCC_INCLUDE = $(eval GCC_INCLUDE := $$(shell $(CC) -print-file-name=include))$(GCC_INCLUDE)
CHECK_CFLAGS = $(eval CHECK_CFLAGS := $$(shell pkg-config --cflags check))$(CHECK_CFLAGS)
CHECK_LIBS = $(eval CHECK_LIBS := $$(shell pkg-config --libs check))$(CHECK_LIBS)

# --- sources -----------------------------------------------------------------

LAYERS := tender resources vspace linux plate
LAYER_C := $(sort $(foreach layer,$(LAYERS),$(wildcard $(layer)/*.c $(layer)/*/*.c)))
BOOT_C := $(sort $(wildcard boot/*.c boot/pc/*.c))
BOOT_ASM := $(sort $(wildcard boot/*.asm boot/pc/*.asm))
USER_LIB := $(sort $(wildcard user/lib/*.c user/lib/*.asm))
USER := $(sort $(patsubst user/%.c,%,$(wildcard user/*.c)))
HOST_TESTS := $(sort $(patsubst %.c,%,$(wildcard tests/host/test_*.c)))
HOST_SUPPORT := $(sort $(filter-out tests/host/test_% tests/host/linux_%,$(wildcard tests/host/*.c)))
VM_MAINS := tests/vm/demo.c tests/vm/crash.c tests/vm/bench.c tests/vm/compare.c \
	tests/vm/fuzz_linux.c tests/vm/suites.c tests/vm/bench_linux.c
VM_PROGRAMS := $(sort $(patsubst %.c,%,$(wildcard tests/vm/test_*.c $(VM_MAINS))))
VM_SUPPORT := $(sort $(filter-out tests/vm/test_% $(VM_MAINS),$(wildcard tests/vm/*.c)))
# Power cuts in the real kernel: what runs inside QEMU, and outside.
CUT_INSIDE := plugin find hooks hold traced decode reading
CUT_MAINS := tests/cut/explore.c tests/cut/mutants.c
CUT_PROGRAMS := $(sort $(patsubst %.c,%,$(wildcard tests/cut/test_*.c) $(CUT_MAINS)))
CUT_SUPPORT := $(sort $(filter-out tests/cut/test_% $(CUT_MAINS) \
	$(CUT_INSIDE:%=tests/cut/%.c),$(wildcard tests/cut/*.c)))
# Linux programs of our own, for the tests: /tests on the disk.
LINUX_TESTS := attack bench exact first fuzz keep limits native
LINUX_TEST_PARTS := $(sort $(filter-out $(LINUX_TESTS:%=tests/linux/%.c),$(wildcard tests/linux/*.c)))
TOOLS := $(sort $(patsubst %.c,%,$(wildcard tools/nv*.c)))
TOOLS_SUPPORT := $(sort $(filter-out tools/nv% tools/drive.c,$(wildcard tools/*.c)))

# A list that changes its date only when its words change: what is made from
# "all files of a folder" depends on it, so that a removed file counts.
# $(call list,NAME,WORDS)
define list
$(B)/lists/$(1): FORCE
	@mkdir -p $$(@D)
	@echo '$(2)' | cmp -s - $$@ || echo '$(2)' > $$@
endef
.PHONY: FORCE
FORCE:

$(eval $(call list,kernel,$(LAYER_C) $(BOOT_C) $(BOOT_ASM)))
$(eval $(call list,layers,$(LAYER_C)))
$(eval $(call list,user,$(USER)))
$(eval $(call list,user-lib,$(USER_LIB)))
$(eval $(call list,host-support,$(HOST_SUPPORT)))
$(eval $(call list,vm-support,$(VM_SUPPORT)))
$(eval $(call list,cut-support,$(CUT_SUPPORT)))
$(eval $(call list,tools-support,$(TOOLS_SUPPORT)))
$(eval $(call list,linux-tests,$(LINUX_TESTS) $(LINUX_TEST_PARTS)))

# --- how each kind of file is compiled ---------------------------------------

WARN := -Wall -Wextra -Werror
STRICT := $(WARN) -Wmissing-prototypes -Wshadow -Wstrict-prototypes
# No build path in any output: the same sources give the same bytes anywhere.
COMMON := -std=c11 -g -MMD -MP -I. -ffile-prefix-map=$(CURDIR)=.

KERNEL_FLAGS = -m32 -march=i686 -mgeneral-regs-only -O2 -ffreestanding \
	-fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-strict-aliasing -fno-tree-loop-distribute-patterns \
	$(STRICT) -nostdinc -isystem $(GCC_INCLUDE)

USER_FLAGS = -m32 -march=i686 -msse2 -O2 -ffreestanding \
	-fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-strict-aliasing -fno-tree-loop-distribute-patterns \
	$(STRICT) -nostdinc -isystem $(GCC_INCLUDE) -Iuser/lib

ASM_FLAGS := -f elf32 -g -F dwarf -Werror -I./
LINK_FLAGS := -m32 -nostdlib -static -no-pie -Wl,--build-id=none \
	-Wl,-z,noexecstack

# The layers once more, for this machine.  -fsanitize=thread makes the compiler
# call a function at every load and store; tests/host/ supplies the functions,
# so it must not be given to the linker.
HOST_FLAGS := -O1 -ffreestanding -fno-builtin \
	-fno-tree-loop-distribute-patterns -fno-strict-aliasing $(WARN)
# Written "=" so that a file may define it itself as well. The C library has
# <linux/...> headers of its own: ours are found by quotes only.
TEST_FLAGS := -std=gnu11 -Ulinux -D_GNU_SOURCE= -O1 -g -MMD -MP -iquote . $(WARN)

$(B)/kernel/%.o: %.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $<"
	$(Q)$(CC) $(COMMON) $(KERNEL_FLAGS) -c -o $@ $<

$(B)/kernel/%.asm.o: %.asm Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  NASM  $<"
	$(Q)nasm $(ASM_FLAGS) -MD $(@:.o=.d) -MP -o $@ $<

$(B)/user-o/%.o: %.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $<"
	$(Q)$(CC) $(COMMON) $(USER_FLAGS) -c -o $@ $<

$(B)/user-o/%.asm.o: %.asm Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  NASM  $<"
	$(Q)nasm $(ASM_FLAGS) -MD $(@:.o=.d) -MP -o $@ $<

$(B)/host/%.o: %.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $< (host, watched)"
	$(Q)$(CC) $(COMMON) $(HOST_FLAGS) -fsanitize=thread -c -o $@ $<

$(B)/hosttools/%.o: %.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $< (host)"
	$(Q)$(CC) $(COMMON) $(HOST_FLAGS) -c -o $@ $<

$(B)/tests/%.o: tests/%.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $<"
	$(Q)$(CC) $(TEST_FLAGS) $(CHECK_CFLAGS) -c -o $@ $<

$(B)/tools/%.o: tools/%.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $<"
	$(Q)$(CC) $(TEST_FLAGS) -c -o $@ $<

# The modelled drive: a plugin for nbdkit.
DRIVE := $(B)/tools/drive.so
$(DRIVE): tools/drive.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $< (plugin)"
	$(Q)$(CC) $(TEST_FLAGS) -O2 -fPIC -shared -o $@ $< -lm

# --- the kernel --------------------------------------------------------------

KERNEL_O := $(patsubst %.c,$(B)/kernel/%.o,$(LAYER_C) $(BOOT_C)) \
	$(BOOT_ASM:%=$(B)/kernel/%.o)
KERNEL_IN = $(KERNEL_O) -T boot/kernel.ld -lgcc

# The build id says which kernel owns the state in NV memory.  It is a hash
# over a kernel linked with id 0, without its debugging matter: nothing but
# the code and the data can change it.
BUILD_ID_C = 'extern const unsigned tender_build_id;\nconst unsigned tender_build_id = 0x%su;\n'

$(B)/build_id.c: $(KERNEL_O) boot/kernel.ld $(B)/lists/kernel Makefile
	@echo "  ID    $@"
	$(Q)printf $(BUILD_ID_C) 0 > $(B)/no_id.c
	$(Q)$(CC) -std=c11 $(KERNEL_FLAGS) -c -o $(B)/no_id.o $(B)/no_id.c
	$(Q)$(CC) $(LINK_FLAGS) -o $(B)/no_id.elf $(B)/no_id.o $(KERNEL_IN)
	$(Q)strip $(B)/no_id.elf
	$(Q)id=$$(sha256sum < $(B)/no_id.elf); \
		printf $(BUILD_ID_C) "$${id:0:8}" > $@

$(B)/tender.elf: $(B)/build_id.c
	@echo "  LINK  $@"
	$(Q)$(CC) -std=c11 $(KERNEL_FLAGS) -c -o $(B)/build_id.o $<
	$(Q)$(CC) $(LINK_FLAGS) -Wl,-Map=$(B)/tender.map -o $@ \
		$(B)/build_id.o $(KERNEL_IN)

# Kernels broken on purpose, for tests/cut/mutants.c: one source file changed by
# tests/cut/mutants/NAME.sed, whose first line names it, and all else as it is.
MUTANTS := $(patsubst tests/cut/mutants/%.sed,$(B)/cut/mutants/%.elf,$(sort $(wildcard tests/cut/mutants/*.sed)))

$(MUTANTS): $(B)/cut/mutants/%.elf: tests/cut/mutants/%.sed $(B)/tender.elf
	@mkdir -p $(@D) && echo "  MUTANT $*"
	$(Q)source=$$(sed -n '1s/^# \([^:]*\):.*/\1/p' $<); \
		sed -f $< $$source > $(@:.elf=.c); \
		! cmp -s $$source $(@:.elf=.c) || { echo "$<: $$source has no such line"; exit 1; }; \
		$(CC) $(COMMON) $(KERNEL_FLAGS) -w -c -o $(@:.elf=.o) $(@:.elf=.c); \
		others=(); for o in $(KERNEL_O); do \
			[ $$o = $(B)/kernel/$${source%.c}.o ] || others+=($$o); done; \
		$(CC) $(LINK_FLAGS) -o $@ $(B)/build_id.o $(@:.elf=.o) \
			"$${others[@]}" -T boot/kernel.ld -lgcc

.PHONY: kernel
kernel: $(B)/tender.elf         ## the kernel alone, with symbols: build/tender.elf

# --- user programs -----------------------------------------------------------

USER_LIB_O := $(patsubst %.c,$(B)/user-o/%.o,$(filter %.c,$(USER_LIB))) \
	$(patsubst %,$(B)/user-o/%.o,$(filter %.asm,$(USER_LIB)))
USER_BIN := $(USER:%=$(B)/user/%)

$(B)/libuser.a: $(USER_LIB_O) $(B)/lists/user-lib
	@rm -f $@
	$(Q)ar rcs $@ $(USER_LIB_O)

# NAME.elf keeps the symbols for gdb; NAME goes to the disk.
$(USER_BIN): $(B)/user/%: $(B)/user-o/user/%.o $(B)/libuser.a user/user.ld
	@mkdir -p $(@D) && echo "  LINK  $@"
	$(Q)$(CC) $(LINK_FLAGS) -T user/user.ld -o $(B)/user-o/user/$*.elf \
		$< $(B)/libuser.a -lgcc
	$(Q)strip -o $@ $(B)/user-o/user/$*.elf

# The commands about the system once more, for Linux shells.
USER_LINUX := $(sort $(wildcard user/linux/*.c))
USER_LINUX_O := $(USER_LINUX:%.c=$(B)/user-o/%.o)
LINUX_COMMANDS := save occ plate res trace mem shutdown

$(B)/user/linux/tender: $(USER_LINUX_O) $(B)/libuser.a user/user.ld
	@mkdir -p $(@D) && echo "  LINK  $@"
	$(Q)$(CC) $(LINK_FLAGS) -T user/user.ld -o $(B)/user-o/user/linux/tender.elf \
		$(USER_LINUX_O) $(B)/libuser.a -lgcc
	$(Q)strip -o $@ $(B)/user-o/user/linux/tender.elf

# Tests of Linux calls: no C library, only int 0x80.
LINUX_TEST_BIN := $(LINUX_TESTS:%=$(B)/linux-tests/%)

$(B)/linux-o/%.o: tests/linux/%.c Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  CC    $< (Linux i386)"
	$(Q)$(CC) $(COMMON) $(filter-out -Iuser/lib,$(USER_FLAGS)) -c -o $@ $<

$(B)/linux-o/libtests.a: $(LINUX_TEST_PARTS:tests/linux/%.c=$(B)/linux-o/%.o) $(B)/lists/linux-tests
	@rm -f $@
	$(Q)ar rcs $@ $(filter %.o,$^)

$(LINUX_TEST_BIN): $(B)/linux-tests/%: $(B)/linux-o/%.o $(B)/linux-o/libtests.a \
		$(B)/user-o/user/linux/output.o $(B)/libuser.a
	@mkdir -p $(@D) && echo "  LINK  $@"
	$(Q)$(CC) $(LINK_FLAGS) -o $(B)/linux-o/$*.elf $^ -lgcc
	$(Q)strip -o $@ $(B)/linux-o/$*.elf

.PHONY: user
user: $(USER_BIN)               ## the user programs alone: build/user/

# --- the disk image ----------------------------------------------------------

BRING ?=
DISK ?= $(B)/$(if $(BRING),bring,disk).img

# /linux of the disk: Debian's programs for i386, as far as they can be had.
USERLAND := $(B)/userland.stamp
# What is missing because there was no network is tried again after an hour, if there is one.
USERLAND_AGAIN := $(if $(shell find $(B)/userland/unreachable -mmin +60 2>/dev/null),$(B)/userland/reached)
$(B)/userland/reached: FORCE
	$(Q)tools/userland $(B)/userland reach

$(USERLAND): tools/userland $(USERLAND_AGAIN) | $(NEED)
	@echo "  USERLAND $(B)/userland/linux"
	$(Q)tools/userland $(B)/userland
	@touch $@

.PHONY: userland
userland:                       ## try again to get the Linux programs of the image
	+$(Q)$(MAKE) --no-print-directory -W tools/userland image

# The tree is made anew each time, so that a removed program leaves the disk.
$(B)/disk.img: $(B)/tender.elf $(USER_BIN) $(B)/lists/user $(USERLAND) \
		$(B)/user/linux/tender $(LINUX_TEST_BIN) $(wildcard tests/linux/bench.[sl]*) \
		tools/mkimage/mkimage tools/mkimage/grub.cfg tools/mbr.sh
	@echo "  IMAGE $@"
	$(Q)rm -rf $(B)/image && mkdir -p $(B)/image/boot $(B)/image/bin
	$(Q)strip -o $(B)/image/boot/tender.elf $(B)/tender.elf
	$(Q)$(if $(USER_BIN),cp $(USER_BIN) $(B)/image/bin/)
	$(Q)cp -a $(B)/userland/linux $(B)/image/linux
	$(Q)cp -a $(B)/userland/disk/. $(B)/image/
	$(Q)cp $(B)/user/linux/tender $(B)/image/linux/bin/
	$(Q)for name in $(LINUX_COMMANDS); do \
		ln -s tender $(B)/image/linux/bin/$$name; done
	$(Q)mkdir -p $(B)/image/tests && cp $(LINUX_TEST_BIN) $(wildcard tests/linux/bench.[sl]*) $(B)/image/tests/
	$(Q)tools/mkimage/mkimage -o $@ -d $(B)/image

# The same with a folder of the user's in /bring.
ifneq ($(BRING),)
$(eval $(call list,bring,$(shell find $(BRING) -printf '%p:%s:%T@\n')))
endif
$(B)/bring.img: $(B)/disk.img $(B)/lists/bring
	@echo "  IMAGE $@"
	@[ -d "$(BRING)" ] || { echo "BRING=$(BRING) is no folder" >&2; exit 2; }
	$(Q)rm -rf $(B)/image-bring && cp -a $(B)/image $(B)/image-bring
	$(Q)cp -a $(BRING) $(B)/image-bring/bring
	$(Q)tools/mkimage/mkimage -s $$((17 + $$(du -sm $(BRING) | cut -f 1) * 5 / 4)) \
		-o $@ -d $(B)/image-bring

# The same with the cases of tests/linux/ in /tests, for test_linux_native.
LINUX_CASES := $(sort $(wildcard tests/linux/*.cases tests/linux/*.sh))
$(B)/linux-tests.img: $(B)/disk.img $(LINUX_CASES)
	@echo "  IMAGE $@"
	$(Q)rm -rf $(B)/image-tests && cp -a $(B)/image $(B)/image-tests
	$(Q)mkdir -p $(B)/image-tests/tests && cp $(LINUX_CASES) $(B)/image-tests/tests/
	$(Q)tools/mkimage/mkimage -s 32 -o $@ -d $(B)/image-tests

# And with other people's suites, when somebody asks for them.
SUITES := $(B)/suites.stamp
$(SUITES): tools/userland tools/suites.sh tools/lua53.js $(USERLAND)
	@echo "  SUITES $(B)/userland/suites"
	$(Q)tools/userland $(B)/userland suites
	@touch $@

$(B)/suites.img: $(B)/linux-tests.img $(SUITES)
	@echo "  IMAGE $@"
	$(Q)rm -rf $(B)/image-suites && cp -a $(B)/image-tests $(B)/image-suites
	$(Q)cp -a $(B)/userland/suites $(B)/image-suites/suites
	$(Q)tools/mkimage/mkimage -s 64 -o $@ -d $(B)/image-suites

.PHONY: image
image: $(B)/disk.img            ## the bootable disk image build/disk.img (default)
	@[ ! -s $(B)/userland/missing ] || { \
		echo "This image is without $$(paste -sd ' ' $(B)/userland/missing): not to be had when it was made."; \
		echo "'make userland' tries again; so does make, an hour after there was no network. Till then, tests that need them are skipped."; }

# --- running -----------------------------------------------------------------

NV ?= $(B)/nv.img
PLATES ?= $(B)/plates.img
PLATE ?=
MEM ?= 256
APPEND ?=
BROUGHT = $(if $(BRING),$(B)/bring.img)
STAYS = $(if $(filter disk,$(PLATE)),$(PLATES),$(NV))
KEEPER = $(if $(filter disk,$(PLATE)),--volatile --plates,--nv) $(STAYS)
VM = tools/vm $(KEEPER) --mem $(MEM) --disk $(DISK) \
	--append "$(strip $(APPEND) $(PLATE:%=plate=%))"

.PHONY: run debug
# PLATE=disk: ordinary memory, and what stays is in build/plates.img.
run: image $(BROUGHT)         ## boot it here; its memory stays in build/nv.img
	@echo "Ctrl-A X cuts the power; '$(strip make run $(PLATE:%=PLATE=%))' again goes on from $(STAYS)."
	@$(VM)

debug: image $(BROUGHT)       ## boot it and wait for gdb
	@echo "The machine waits.  In another terminal type:"
	@echo "    gdb $(B)/tender.elf -ex 'target remote :1234'"
	@$(VM) --gdb

# --- tests -------------------------------------------------------------------

# $(call archive,FOLDER): the layers compiled for this machine.
define archive
$(B)/$(1)/libtender.a: $(LAYER_C:%.c=$(B)/$(1)/%.o) $(B)/lists/layers
	@rm -f $$@
	$$(Q)ar rcs $$@ $$(filter %.o,$$^)
endef
$(eval $(call archive,host))
$(eval $(call archive,hosttools))

HOST_BIN := $(HOST_TESTS:%=$(B)/%)
VM_BIN := $(VM_PROGRAMS:%=$(B)/%)
VM_TESTS := $(filter $(B)/tests/vm/test_%,$(VM_BIN))
CUT_BIN := $(CUT_PROGRAMS:%=$(B)/%)
CUT_TESTS := $(filter $(B)/tests/cut/test_%,$(CUT_BIN))
CUT_PLUGIN := $(B)/cut/plugin.so
CUT_ROMS := $(patsubst tests/cut/%.asm,$(B)/cut/%.bin,$(wildcard tests/cut/*.asm))
TOOLS_BIN := $(TOOLS:%=$(B)/%)

# Tests of one part of linux/, which answer for the others (linux_fake.h,
# linux_files.h, filed.h): what they define counts, not the archive's.
FAKED := $(patsubst %.c,$(B)/%,$(shell grep -lE '"(linux_fake|linux_files|filed|tasked)\.h"' tests/host/*.c)) \
	$(B)/tests/host/test_linux_elf
$(FAKED): HOST_LINK := -Wl,-z,muldefs

# What draws in all of linux/ is for one test.
$(B)/tests/host/test_linux_power: $(patsubst %.c,$(B)/%.o,$(wildcard tests/host/linux_*.c))

$(HOST_BIN): %: %.o $(HOST_SUPPORT:%.c=$(B)/%.o) $(B)/host/libtender.a \
		$(B)/lists/host-support
	@echo "  LINK  $@"
	$(Q)$(CC) $(HOST_LINK) -o $@ $(filter %.o,$^) $(B)/host/libtender.a $(CHECK_LIBS)

$(VM_BIN): %: %.o $(VM_SUPPORT:%.c=$(B)/%.o) $(B)/hosttools/libtender.a \
		$(B)/lists/vm-support
	@echo "  LINK  $@"
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(B)/hosttools/libtender.a $(CHECK_LIBS)

$(CUT_PLUGIN): $(CUT_INSIDE:%=tests/cut/%.c) $(wildcard tests/cut/*.h) Makefile \
		| $(NEED)
	@mkdir -p $(@D) && echo "  CC    $@ (plugin)"
	$(Q)$(CC) -std=gnu11 -O2 -g -fPIC -shared $(STRICT) -iquote . -o $@ $(filter %.c,$^)

$(CUT_ROMS): $(B)/cut/%.bin: tests/cut/%.asm Makefile | $(NEED)
	@mkdir -p $(@D) && echo "  NASM  $<"
	$(Q)nasm -f bin -Werror -o $@ $<

# Where words of the kernel's data lie (tests/cut/fields.h): as the kernel's own
# sources are compiled, a section of each object.
CUT_FIELDS := $(B)/cut/fields.bin
CUT_FIELDS_O := $(patsubst %.c,$(B)/kernel/%.o,$(sort $(wildcard tests/cut/fields/*.c)))

$(CUT_FIELDS): $(CUT_FIELDS_O)
	@mkdir -p $(@D) && echo "  FIELDS $@"
	$(Q)for o in $^; do \
		objcopy -O binary -j .fields $$o $${o%.o}.bin; done
	$(Q)cat $(^:.o=.bin) > $@

$(CUT_BIN): %: %.o $(CUT_SUPPORT:%.c=$(B)/%.o) $(VM_SUPPORT:%.c=$(B)/%.o) \
		$(B)/hosttools/libtender.a \
		$(B)/lists/cut-support $(B)/lists/vm-support
	@echo "  LINK  $@"
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(B)/hosttools/libtender.a $(CHECK_LIBS)
$(CUT_BIN): | $(CUT_PLUGIN) $(CUT_ROMS) $(CUT_FIELDS) $(B)/tools/nvcheck

$(TOOLS_BIN): %: %.o $(TOOLS_SUPPORT:%.c=$(B)/%.o) $(B)/hosttools/libtender.a \
		$(B)/lists/tools-support
	@echo "  LINK  $@"
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(B)/hosttools/libtender.a

.PHONY: tools test test-host test-vm headers layers demo suites compare crash fuzz-linux bench bench-linux power explore mutants

tools: $(TOOLS_BIN)             ## the tools for NV images: build/tools/

# Build what is to be judged; if that fails, say so in a summary of its own.
# The last line is "N passed, M failed" either way.  Logs: build/test-logs/.
BUILD = @$(MAKE) --no-print-directory
UNBUILT = { echo "nothing was tested: the build failed"; \
	echo "0 passed, 1 failed"; exit 1; }
SCRIPTS := $(filter-out tests/run.sh,$(sort $(wildcard tests/*.sh)))

test:                           ## every test, one summary at the end
	+$(BUILD) image $(B)/linux-tests.img tools $(HOST_BIN) $(CUT_TESTS) $(VM_TESTS) || $(UNBUILT)
	@tests/run.sh $(SCRIPTS) $(HOST_BIN) $(CUT_TESTS) $(VM_TESTS)

test-host:                      ## only the tests that need no machine
	+$(BUILD) $(HOST_BIN) || $(UNBUILT)
	@tests/run.sh $(SCRIPTS) $(HOST_BIN)

test-vm:                        ## only the tests that start QEMU
	+$(BUILD) image $(B)/linux-tests.img tools $(VM_TESTS) || $(UNBUILT)
	@tests/run.sh $(VM_TESTS)

headers: | $(NEED)              ## does each header compile alone?
	@tests/headers.sh

layers:                         ## does every folder include only what is below it?
	@tests/layers.sh

demo: image tools $(B)/tests/vm/demo    ## a power cut, shown step by step
	@$(B)/tests/vm/demo $(ARGS)

# ID=CASE:CUT runs one cut alone (tests/host/cut.h, disk_cut.h).  What follows
# the colon begins with m if it is a cut of memory.
POWER := $(if $(ID),$(if $(findstring :m,$(ID)),test_power,test_disk_power),test_power test_disk_power)

power: $(POWER:%=$(B)/tests/host/%)     ## a cut at every store and sector, all of them (ID=CASE:CUT for one)
	@$(foreach p,$^,CUT_ALL=yes CUT_JOBS=$(JOBS) $(if $(ID),CUT_ID='$(ID)') $(p) &&) :

THROTTLE ?=
CRASH_PARTS := $(if $(filter disk,$(PLATE)),random,random explore mutants)
PARTS ?= $(CRASH_PARTS)
CRASH_NEEDS := $(B)/tests/vm/crash $(B)/tests/cut/explore $(CUT_PLUGIN) $(CUT_ROMS) \
	$(if $(findstring mutants,$(PARTS)),$(B)/tests/cut/mutants $(MUTANTS))
crash: image tools $(CRASH_NEEDS)  ## all power cuts there are, for hours (PARTS='random explore mutants', ARGS=..., PLATE=disk)
	@PLATE=$(PLATE) THROTTLE=$(THROTTLE) JOBS=$(JOBS) tests/cut/crash.sh \
		'$(PARTS)' '$(notdir $(MUTANTS:.elf=))' $(ARGS)

explore: image $(B)/tests/cut/explore $(CUT_PLUGIN) $(CUT_ROMS) $(CUT_FIELDS) $(B)/tools/nvcheck  ## every power cut of every scenario, in the real kernel (ARGS=...)
	@$(B)/tests/cut/explore $(ARGS)

mutants: image $(B)/tests/cut/mutants $(MUTANTS) $(CUT_PLUGIN) $(CUT_ROMS)  ## are kernels broken on purpose found out? (ARGS=NAME...)
	@JOBS=$(JOBS) $(B)/tests/cut/mutants $(or $(ARGS),none $(notdir $(MUTANTS:.elf=)))

fuzz-linux: image tools $(B)/tests/vm/fuzz_linux  ## random Linux calls (ARGS="SECONDS SEED")
	@$(B)/tests/vm/fuzz_linux $(ARGS)

bench: image tools $(B)/tests/vm/bench  ## what saving and restoring cost (ARGS=...)
	@$(B)/tests/vm/bench $(ARGS)

bench-linux: image $(B)/tests/vm/bench_linux  ## what Linux calls and programs cost, and saving them
	@$(B)/tests/vm/bench_linux

suites: $(B)/suites.img $(B)/tests/vm/suites  ## other people's test suites, here and in Tender (ARGS="--cut NAME")
	@$(B)/tests/vm/suites $(ARGS)

compare: image $(B)/tests/vm/compare $(DRIVE)  ## the plate stores against each other (ARGS=...)
	@$(B)/tests/vm/compare $(ARGS)

# --- order in the house ------------------------------------------------------

C_FILES = $(sort $(shell find boot tender resources vspace linux plate user tests \
	tools -name '*.[ch]' 2>/dev/null))

.PHONY: lint format clean help
# comparePointers: the linker script's symbols are compared on purpose;
# nullPointer: fault.c is there to touch address 0.
lint: | $(NEED)                 ## clang-format and cppcheck, changing nothing
	@clang-format --dry-run -Werror $(C_FILES)
	@cppcheck --quiet --std=c11 --platform=unix32 --error-exitcode=1 \
		--enable=warning,portability --inline-suppr -I. -Iuser/lib \
		--suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=comparePointers --suppress=nullPointer:user/fault.c \
		-j $(JOBS) boot tender resources vspace linux plate user

format: | $(NEED)               ## let clang-format have its way
	@clang-format -i $(C_FILES)

clean:                          ## remove what was built; state (*nv*.img, *plates*.img) stays
	@[ ! -d $(B) ] || find $(B) -mindepth 1 -maxdepth 1 ! -name '*nv*.img' \
		! -name '*plates*.img' -exec rm -rf {} +
	@rmdir $(B) 2>/dev/null || ! ls $(B) 2>/dev/null | sed 's|^|kept: $(B)/|' \
		|| true

help:                           ## this list
	@sed -n 's/^\([a-z-]*\):[^#=]*## *\(.*\)/\1\t\2/p' Makefile | \
		while IFS=$$'\t' read -r name text; do \
			printf '  make %-12s %s\n' "$$name" "$$text"; done
	@echo "Variables: MEM=MIB NV=FILE PLATE=disk PLATES=FILE DISK=FILE BRING=FOLDER APPEND='kernel options' JOBS=N V=1"

-include $(shell find $(B) -path $(B)/userland -prune -o -type f -name '*.d' -print 2>/dev/null)
