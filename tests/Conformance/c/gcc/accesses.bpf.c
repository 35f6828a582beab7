/*
 * Members reached in the ways that GCC 12 makes records for: arrays and members of members end it (bpf_core_attr). Only relocated, and compared with libbpf: the verifier refuses
 * loads from addresses that it does not know.
 */
#include "gcc.h"

struct qstr { union { struct { u32 hash; u32 len; }; u64 hash_len; }; const u8 *name; } CORE;
struct inode { u16 i_mode; u64 i_ino; s64 i_size; } CORE;
struct dentry { struct dentry *d_parent; struct qstr d_name; struct inode *d_inode; u8 gone_bytes[4]; } CORE;
struct task_struct { s32 pid; char comm[16]; struct task_struct *real_parent; u32 policy; struct list_head tasks; u32 gone_word; } CORE;
struct iphdr { u8 ihl : 4; u8 version : 4; u8 tos; u16 tot_len; } CORE;

SEC("raw_tp/sys_enter") int loads(struct task_struct *t) { sink = t->pid + t->policy + t->gone_word; return 0; }
SEC("raw_tp/sys_enter") int of_parent(struct task_struct *t) { sink = t->real_parent->real_parent->pid; return 0; }
SEC("raw_tp/sys_enter") int of_dentry(struct dentry *d) { sink = d->d_inode->i_ino + d->d_inode->i_mode; return 0; }
SEC("raw_tp/sys_enter") int of_packet(struct iphdr *ip) { return ip->tos + ip->tot_len; }
SEC("raw_tp/sys_enter") int stores(struct task_struct *t) { t->pid = 3; t->policy = 4; t->gone_word = 5; return 0; }
SEC("raw_tp/sys_enter") int stores_below(struct dentry *d) { d->d_inode->i_mode = 7; d->d_inode->i_size += 2; return 0; }
