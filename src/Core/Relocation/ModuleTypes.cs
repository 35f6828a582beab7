using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>The types of a kernel module.</summary>
/// <param name="Name">Name of the module: <c>nf_conntrack</c>.</param>
/// <param name="Types">Its split BTF, opened on the BTF of the kernel that is relocated against.</param>
public sealed record ModuleTypes(string Name, BtfTypes Types);
