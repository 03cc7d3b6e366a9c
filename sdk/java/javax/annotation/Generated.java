package javax.annotation;

/** What the generated classes are marked with. The generator's own jar, which has all else that they need, lacks it. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
