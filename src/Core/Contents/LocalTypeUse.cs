namespace Relo.Core.Contents;

/// <summary>A type of the object that its records refer to.</summary>
/// <param name="Type">Kind and name: <c>struct task_struct</c>.</param>
/// <param name="SizeBytes">Its size in the object; null if it has none.</param>
/// <param name="Fields">
/// The fields (<c>se.vruntime</c>) or enumerators that records access, each once; none if they refer only to the type itself.
/// </param>
/// <param name="Relocations">Indexes of the records.</param>
public sealed record LocalTypeUse(string Type, long? SizeBytes, IReadOnlyList<string> Fields, IReadOnlyList<int> Relocations);
