namespace Relo.Core.Contents;

/// <summary>A type of the object that its records ask the kernel about.</summary>
/// <param name="Type">Kind and name: <c>struct task_struct</c>.</param>
/// <param name="SizeBytes">Its size in the object; null where it has none.</param>
/// <param name="Fields">What is asked of it, each once: fields (<c>se.vruntime</c>), enumerators; none where only the type itself is
/// asked about.</param>
/// <param name="Relocations">Indices of the records.</param>
public sealed record AskedType(string Type, long? SizeBytes, IReadOnlyList<string> Fields, IReadOnlyList<int> Relocations);
