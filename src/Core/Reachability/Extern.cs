namespace Relo.Core.Reachability;

/// <summary>An extern of the object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Where the loader finds it.</param>
/// <param name="SizeBytes">Size of a variable; 0 if it is not a number.</param>
/// <param name="IsWeak">Whether it may be absent.</param>
/// <param name="TypeId">Id of the variable or function in the object's BTF.</param>
internal sealed record Extern(string Name, ExternKind Kind, int SizeBytes, bool IsWeak, uint TypeId);
