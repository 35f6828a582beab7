using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The values of the kinds about a whole type (bpf_core_calc_type_relo of libbpf). An absent type is 0, never poison.</summary>
internal static class TypeValue
{
    public static AccessValue Calculate(AccessEnd? access, CoreReloKind kind)
    {
        if (access is not { } spec) return AccessValue.Plain(0);
        switch (kind)
        {
            case CoreReloKind.TypeIdTarget:
                return AccessValue.Plain(spec.RootTypeId, validate: false); // Linking may change ids.
            case CoreReloKind.TypeExists or CoreReloKind.TypeMatches:
                return AccessValue.Plain(1);
            case CoreReloKind.TypeSize:
                var size = spec.Types.SizeOf(spec.RootTypeId);
                return size < 0 ? AccessValue.Failed(Errno.EInval) : AccessValue.Plain((uint)size);
            default:
                return AccessValue.Failed(Errno.EOpNotSupp);
        }
    }
}
