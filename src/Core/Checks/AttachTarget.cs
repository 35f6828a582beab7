namespace Relo.Core.Checks;

/// <summary>What a section name attaches its program to: <c>fentry/tcp_v4_connect</c>, <c>tp/sched/sched_switch</c>.</summary>
/// <param name="Name">The function, tracepoint or hook.</param>
/// <param name="Indicator">How a kernel's BTF shows it.</param>
internal sealed record AttachTarget(string Name, Indicator Indicator)
{
    /// <summary>The target; null where the section names none, or one in user space.</summary>
    public static AttachTarget? Find(string section)
    {
        var name = section.TrimStart('?');
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || slash == name.Length - 1) return null;
        var (stem, rest) = (name[..slash], name[(slash + 1)..]);
        return stem.Split('.')[0] switch
        {
            "fentry" or "fexit" or "fmod_ret" or "fsession" when !stem.Contains("multi", StringComparison.Ordinal) => Traced(rest),
            "kprobe" or "kretprobe" => Probed(rest),
            "ksyscall" or "kretsyscall" => new(rest, new Indicator.Syscall(rest, IsEvent: false)),
            "tp" or "tracepoint" => Tracepoint(rest),
            "raw_tp" or "raw_tracepoint" or "tp_btf" => new(rest, new Indicator.Tracepoint(rest)),
            "lsm" or "lsm_cgroup" => new(rest, new Indicator.Function("bpf_lsm_" + rest, null, "LSM hook")),
            "iter" => new(rest, new Indicator.Function("bpf_iter_" + rest, null, "iterator")),
            _ => null,
        };
    }

    // "module:function" names the module, which may be vmlinux; libbpf looks in no other (find_kernel_btf_id).
    private static AttachTarget Traced(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new(text, new Indicator.Function(text, null, "function"))
            : new(text, new Indicator.Function(text[(colon + 1)..], text[..colon], "function"));
    }

    // "do_unlinkat+0x10": the offset is within the function. A pattern such as "tcp_*" names several functions.
    private static AttachTarget Probed(string text)
    {
        if (text.AsSpan().IndexOfAny('*', '?') >= 0)
            return new(text, new Indicator.Hidden("it is a pattern, which the loader matches against /proc/kallsyms"));
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var function = plus < 0 ? text : text[..plus];
        return new(function, new Indicator.Probed(function));
    }

    // "category/name". Events of the category "syscalls" have no tracepoint of their own: the kernel makes them from the system calls.
    private static AttachTarget Tracepoint(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (category, name) = slash < 0 ? ("", text) : (text[..slash], text[(slash + 1)..]);
        if (category != "syscalls") return new(text, new Indicator.Record(name));
        var syscall = name.StartsWith("sys_enter_", StringComparison.Ordinal) ? name["sys_enter_".Length..]
            : name.StartsWith("sys_exit_", StringComparison.Ordinal) ? name["sys_exit_".Length..] : name;
        return new(text, new Indicator.Syscall(syscall, IsEvent: true));
    }
}
