using System.Text;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Access;

/// <summary>
/// An access in one BTF: from a root type through members and elements to a field (struct bpf_core_spec of libbpf).
/// <code>
/// struct sample { int x; struct { int y; int a[7]; }; };   &amp;s->a[3]
///   raw        0 : 1 : 1 : 3      every step, anonymous struct included
///   accessors  [0]  .a   [3]      what a reader would write
/// </code>
/// </summary>
public sealed record AccessSpec(BtfTypes Types, uint RootTypeId, CoreReloKind Kind, Accessor[] Accessors, int[] Raw, uint BitOffset)
{
    /// <summary>BPF_CORE_SPEC_MAX_LEN.</summary>
    public const int MaxLength = 64;

    internal AccessEnd End => new(Types, RootTypeId, Accessors.Length > 0 ? Accessors[^1] : default, BitOffset);

    /// <summary>The kind and name of the root: <c>struct task_struct</c>.</summary>
    public string RootText
    {
        get
        {
            var root = Types[RootTypeId];
            var name = Types.NameText(root.NameOffset);
            return $"{root.Kind.LibbpfName()} {(name.Length == 0 ? "<anon>" : name)}";
        }
    }

    /// <summary>The path after the root as C would write it: <c>.a[3]</c>; empty for whole types.</summary>
    public string PathText
    {
        get
        {
            if (Kind.IsTypeBased()) return "";
            if (Kind.IsEnumBased()) return "::" + Types.NameText(Accessors[0].NameOffset);
            var text = new StringBuilder();
            for (var i = 0; i < Accessors.Length; i++)
            {
                if (Accessors[i].IsNamed) text.Append('.').Append(Types.NameText(Accessors[i].NameOffset));
                else if (i > 0 || Accessors[i].Index > 0) text.Append('[').Append(Accessors[i].Index).Append(']');
            }
            return text.ToString();
        }
    }

    /// <summary>The steps: <c>0:1:1:3</c>.</summary>
    public string RawText => string.Join(':', Raw);

    /// <summary>Root, path and place: <c>struct task_struct.state (0:1 @ offset 16)</c>; enumerators with their value.</summary>
    public string Text
    {
        get
        {
            if (Kind.IsTypeBased()) return RootText;
            if (Kind.IsEnumBased()) return $"{RootText}{PathText} = {EnumeratorText()}";
            var bits = BitOffset % 8 == 0 ? "" : $".{BitOffset % 8}";
            return $"{RootText}{PathText} ({RawText} @ offset {BitOffset / 8}{bits})";
        }
    }

    /// <summary>
    /// As libbpf's log writes it: <c>&lt;byte_off&gt; [5] struct task_struct.state (0:1 @ offset 16)</c> (bpf_core_format_spec).
    /// </summary>
    public string LibbpfText => $"<{Kind.LibbpfName()}> [{RootTypeId}] {Text}";

    private string EnumeratorText()
    {
        var type = Types.SkipModifiers(RootTypeId);
        var value = Types.Enumerator(type, Raw[0]).Value;
        if (type.Kind == BtfKind.Enum) return type.KindFlag ? $"{(int)value}" : $"{(uint)value}";
        return type.KindFlag ? $"{(long)value}" : $"{value}";
    }
}
