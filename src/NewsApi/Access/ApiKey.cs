using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NewsApi.Storage;

namespace NewsApi.Access;

/// <summary>A key on record: who has it and what for. Its text is nowhere.</summary>
internal sealed class ApiKey
{
    public const int NameLimit = 100;

    public required Guid Id { get; init; }
    public required string Name { get; set; }

    /// <summary>That of its newest secret.</summary>
    public required string Prefix { get; set; }
    public required IReadOnlyList<string> Scopes { get; set; }
    public Licence? Licence { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>One; two while it is rotated; none once it is revoked.</summary>
    public List<ApiKeySecret> Secrets { get; init; } = [];
}

/// <summary>By what a key is recognised.</summary>
internal sealed class ApiKeySecret
{
    /// <summary>SHA-256 of the key's text in lower-case hex. The text has 256 random bits, so a slow hash would protect nothing.</summary>
    public required string Hash { get; init; }
    public Guid KeyId { get; init; }
    public required string Prefix { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set once a newer one is there.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}

/// <summary>What the server keeps to itself; one row, made with the table.</summary>
internal sealed class ServerSecrets
{
    public required int Id { get; init; }

    /// <summary>Signs preview links; 32 random bytes.</summary>
    public required byte[] PreviewLinks { get; init; }

    public static byte[] New() => RandomNumberGenerator.GetBytes(32);
}

/// <summary>The text of a key: <c>nk_</c>, eight characters by which people tell it from others, and 256 random bits.</summary>
internal static class KeyText
{
    public const string Start = "nk_";
    private const int PrefixLength = 8;
    private const string PrefixLetters = "abcdefghijkmnpqrstuvwxyz23456789";

    public static (string Text, string Prefix) New()
    {
        var prefix = Start + RandomNumberGenerator.GetString(PrefixLetters, PrefixLength);
        return ($"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}", prefix);
    }

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>, IEntityTypeConfiguration<ApiKeySecret>, IEntityTypeConfiguration<ServerSecrets>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys");
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Name).HasMaxLength(ApiKey.NameLimit);
        key.Property(k => k.Scopes).HasJson();
        key.Property(k => k.Licence).HasJson();
        key.HasMany(k => k.Secrets).WithOne().HasForeignKey(s => s.KeyId);
    }

    public void Configure(EntityTypeBuilder<ApiKeySecret> secret)
    {
        secret.ToTable("api_key_secrets");
        secret.HasKey(s => s.Hash);
    }

    public void Configure(EntityTypeBuilder<ServerSecrets> secrets)
    {
        secrets.ToTable("secrets");
        secrets.Property(s => s.Id).ValueGeneratedNever();
    }
}
