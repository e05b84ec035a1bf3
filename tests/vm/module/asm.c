// SPDX-License-Identifier: GPL-2.0-only
// Copyright: (c) 2026, loghygiene contributors
//
// Says what AhnLab V3's kernel modules say when they are loaded and unloaded. What user space writes to /dev/kmsg never
// has facility 0, so only a module shows what journald and rsyslogd make of the kernel's own lines. Each load has a version
// number of its own, by which a line can be followed from log to log. The [ERROR] is a neighbour, which nothing may move.
#include <linux/module.h>
#include <linux/random.h>

static u32 number;

static int __init v3_load(void)
{
	number = get_random_u32();
	pr_warn("<asm>:[INFO]Filter atamptl register\n");
	pr_warn("<atamptl>:[INFO]Loaded atamptl\n");
	pr_warn("<asm>:[INFO]AhnLab. Securiry Module Version 3.4.3.%u loaded\n", number);
	pr_warn("<atamptl>:[INFO]ASM Version 3.4.3.%u\n", number);
	pr_warn("Request for unknown module key 'AhnLab, Inc.: AhnLab Code Signing - 2022.001: a0ee2da1f0e1d2c3b4a5968778695a4b3c2d1e0f' err -11\n");
	pr_err("<asm>:[ERROR]Filter atamptl register failed, version 3.4.3.%u\n", number);
	return 0;
}

static void __exit v3_unload(void)
{
	pr_warn("<asm>:[INFO]Filter atamptl unregister\n");
	pr_warn("<atamptl>:[INFO]Unloaded atamptl\n");
	pr_warn("<asm>:[INFO]AhnLab. Securiry Module Version 3.4.3.%u unloaded\n", number);
}

module_init(v3_load);
module_exit(v3_unload);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Lines of AhnLab V3's kernel modules, for the tests of loghygiene.rhel");
