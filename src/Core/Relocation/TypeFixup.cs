using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The values of the kinds about a whole type (bpf_core_calc_type_relo of libbpf). An absent type is 0, never poison.</summary>
internal static class TypeFixup
{
    public static FixupValue Calculate(AccessEnd? access, CoreReloKind kind)
    {
        if (access is not { } spec) return FixupValue.Plain(0);
        switch (kind)
        {
            case CoreReloKind.TypeIdTarget:
                return FixupValue.Plain(spec.RootTypeId, validate: false); // Ids change when objects are linked.
            case CoreReloKind.TypeExists or CoreReloKind.TypeMatches:
                return FixupValue.Plain(1);
            case CoreReloKind.TypeSize:
                var size = spec.Types.SizeOf(spec.RootTypeId);
                return size < 0 ? FixupValue.Failed(Errno.EInval) : FixupValue.Plain((uint)size);
            default:
                return FixupValue.Failed(Errno.EOpNotSupp);
        }
    }
}
