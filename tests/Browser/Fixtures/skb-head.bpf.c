// Reads sk_buff.head, where every kernel has it.
struct sk_buff {
	unsigned char *head;
} __attribute__((preserve_access_index));

__attribute__((section("fentry/consume_skb"), used))
int has_head(unsigned long long *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];

	return skb->head != 0;
}

char license_text[] __attribute__((section("license"), used)) = "GPL";
