namespace Relo.Core.Proposals;

/// <summary>A named member of a struct or union, or of an unnamed one in it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeId">Its type.</param>
internal readonly record struct FlatMember(string Name, uint TypeId);
